using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Trees;
using MlSql.Scoring.Featurizers;
using MlSql.Scoring.Kernels;
using MlSql.Scoring.Onnx;

namespace MlSql.Scoring.Trees;

/// <summary>The sums of a recognised graph's trees. A sole list of numbers may be given as a column an element, like to the graph.</summary>
internal sealed class RecognisedScorer : IScorer
{
    private readonly RecognisedGraph _graph;
    private readonly TreeFeatureKernel _kernel;
    private readonly TreeFeatureKernel? _byElement;
    private readonly FeatureColumns _columns;

    public RecognisedScorer(Model model, GraphStructure graph)
    {
        _graph = graph.Recognised ?? throw ScoringErrors.Damaged("its graph is for ONNX Runtime");
        Signature = model.Signature;
        _columns = new(Signature.Features);
        _kernel = Kernel([.. _graph.Features], [.. _graph.Featurizers]);
        if (_graph is { Features: [{ Type: NumberListFeature { Length: var length } }], Featurizers: [RawFeaturizer] or [] })
            _byElement = Kernel([.. Enumerable.Repeat(new Feature("element", new NumberFeature()), length)], [.. Enumerable.Range(0, _graph.EncodedWidth).Select(i => new RawFeaturizer(i, [], 1))]);
    }

    public ModelSignature Signature { get; }

    public int Outputs => _kernel.Outputs;

    public void Score(ReadOnlySpan<ColumnView> features, Span<double> scores)
    {
        int rows = scores.Length / Outputs;
        bool spread = IsSpread(features);
        FeatureColumns columns = spread ? new([ElementFeature]) : Signature.IsGivenByElement(features.Length) ? new(Signature.FeaturesOf(features.Length)) : _columns;
        columns.Check(features, rows);
        (spread || features.Length != _graph.Features.Length ? _byElement! : _kernel).Score(features, rows, scores);
    }

    /// <summary>A bit a row, 0 where a NULL makes the row's outputs NULL; empty where all have outputs.</summary>
    public ulong[] Validity(ReadOnlySpan<ColumnView> features, int rows)
    {
        if (_graph.Required.IsEmpty) return [];
        RowMask mask = new(rows);
        if (features.Length == _graph.Features.Length)
            foreach (int feature in _graph.Required) Mark(features[feature], rows, mask);
        else
            foreach (ColumnView element in features) Mark(element, rows, mask);
        return mask.Bits ?? [];
    }

    private Feature ElementFeature => Signature.Features[0] with { Type = Signature.Features[0].Type is TensorListFeature list ? new TensorFeature(list.Element) : Signature.Features[0].Type };

    // A matrix of one column may come as a list of one or as the one value.
    private bool IsSpread(ReadOnlySpan<ColumnView> features) => _byElement is not null && features.Length == 1 && features[0].Type is not (ListType or ArrayType or NullType);

    private static void Mark(ColumnView column, int rows, RowMask mask)
    {
        bool isNull = column.Type is NullType;
        if (!isNull && column.AllValid) return;
        for (int row = 0; row < rows; row++)
            if (isNull || !column.IsValid(row)) mask.Mark(row);
    }

    private TreeFeatureKernel Kernel(Feature[] features, Featurizer[] featurizers) =>
        new(new Model(new ModelSignature([.. features], Signature.Label, ModelTask.Regression, null), [.. featurizers], _graph.Structure), _graph.Structure);
}
