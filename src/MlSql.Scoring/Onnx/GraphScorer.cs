using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>A graph over column batches. Safe for any number of threads at once; keeps no state between calls. The session stays its owner's.</summary>
public sealed class GraphScorer
{
    private readonly ImmutableArray<Feature> _features;
    private readonly ImmutableArray<GraphInput> _inputs;
    private readonly ImmutableArray<InputFiller> _fillers;
    private readonly GraphRunner _runner;

    /// <summary>Binds the model, whose structure is a <see cref="GraphStructure"/>, to a session of its graph. Throws <see cref="CodedException"/> MLS4109 or MLS4114 when they contradict each other.</summary>
    public GraphScorer(Model model, GraphSession session)
    {
        var structure = model.Structure as GraphStructure ?? throw RuntimeErrors.Contradiction($"it is a {model.Structure.GetType().Name}, not a graph");
        _features = model.Signature.Features;
        _inputs = structure.Inputs;
        foreach (var input in _inputs)
        {
            if (input.Features.Any(f => f < 0 || f >= _features.Length)) throw RuntimeErrors.Contradiction($"input {input.Name} reads a feature that there is not");
            if (!IsList(input) && input.Features.Length != input.Width) throw RuntimeErrors.Contradiction($"input {input.Name} has {input.Width} elements a row and {input.Features.Length} features");
        }
        _fillers = [.. _inputs.Select(i => InputFiller.Create(i.Element))];
        _runner = new GraphRunner(session, _inputs, structure.Outputs, structure.Batch, structure.RowsAreIndependent);
    }

    /// <summary>
    /// Computes the outputs of <paramref name="rows"/> rows on the calling thread. <paramref name="features"/> has one column a feature of the signature, in its order, or, for a sole matrix of one list feature, one column
    /// an element. Numbers' NULLs are fed as NaN and texts' as the empty text; a row with a NULL for an integer or boolean tensor has NULL results. The columns are read in place until the call returns.
    /// Throws <see cref="OperationCanceledException"/>; <see cref="LimitException"/> MLS4104 (time), MLS4105 (memory); <see cref="CodedException"/> MLS4106 … MLS4113.
    /// </summary>
    public GraphBatch Score(ReadOnlySpan<ColumnView> features, int rows, RunLimits limits)
    {
        var columns = ColumnsOfInputs(features);
        for (int i = 0; i < columns.Length; i++) Check(i, columns[i], rows);
        return _runner.Run(new ColumnRows(this, columns), rows, limits);
    }

    private ColumnView[][] ColumnsOfInputs(ReadOnlySpan<ColumnView> features)
    {
        if (features.Length != _features.Length || IsSpread(features))
        {
            if (_inputs.Length == 1 && IsList(_inputs[0]) && features.Length == _inputs[0].Width) return [features.ToArray()];
            throw RuntimeErrors.ColumnCount(_features.Length, features.Length);
        }
        var columns = new ColumnView[_inputs.Length][];
        for (int i = 0; i < columns.Length; i++)
        {
            var own = new ColumnView[_inputs[i].Features.Length];
            for (int j = 0; j < own.Length; j++) own[j] = features[_inputs[i].Features[j]];
            columns[i] = own;
        }
        return columns;
    }

    // A matrix of one column may come as a list of one or as the one value.
    private bool IsSpread(ReadOnlySpan<ColumnView> features) =>
        _inputs.Length == 1 && IsList(_inputs[0]) && features.Length == 1 && features[0].Type is not (ListType or ArrayType or NullType);

    private bool IsList(GraphInput input) => input.Features.Length == 1 && (input.Width != 1 || _features[input.Features[0]].Type is NumberListFeature);

    private void Check(int index, ColumnView[] columns, int rows)
    {
        var input = _inputs[index];
        foreach (var column in columns)
        {
            bool isList = column.Type is ListType or ArrayType;
            var element = column.Type switch { ListType l => l.Element, ArrayType a => a.Element, var scalar => scalar };
            bool wanted = isList ? IsList(input) : columns.Length == input.Width || column.Type is NullType;
            if (!wanted || !_fillers[index].Accepts(element)) throw RuntimeErrors.ColumnType(NameOf(index, columns, column), InputText(input), column.Type);
            if (column.Length < rows) throw RuntimeErrors.ColumnLength(NameOf(index, columns, column), rows, column.Length);
        }
    }

    private string NameOf(int index, ColumnView[] columns, ColumnView column)
    {
        var input = _inputs[index];
        int place = Array.IndexOf(columns, column);
        return columns.Length == input.Features.Length ? _features[input.Features[place]].Name : $"{_features[input.Features[0]].Name}[{place}]";
    }

    private static string InputText(GraphInput input) => input.Width == 1 ? $"{TensorElements.TypeOf(input.Element)} values" : $"{input.Width} {TensorElements.TypeOf(input.Element)} values a row";

    private readonly struct ColumnRows(GraphScorer scorer, ColumnView[][] columns) : IRowSource
    {
        public bool TryBorrow(int input, InputTensor tensor, int start, int count) =>
            columns[input] is [var column] && scorer._inputs[input].Width == 1 && column.Layout == ColumnLayout.Fixed && scorer._fillers[input].TryBorrow(tensor, column, start, count);

        public void Fill(int input, InputTensor tensor, int at, int start, int count, RowMask mask)
        {
            var own = columns[input];
            var filler = scorer._fillers[input];
            int width = scorer._inputs[input].Width;
            if (own is [{ Type: ListType or ArrayType } lists]) filler.FillLists(tensor, lists, scorer.NameOf(input, own, lists), width, at, start, count, mask);
            else if (own is [{ Type: NullType }]) filler.FillNulls(tensor, width, at, start, count, mask);
            else filler.FillScalars(tensor, own, at, start, count, mask);
        }
    }
}
