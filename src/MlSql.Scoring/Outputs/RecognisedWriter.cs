using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Trees;
using MlSql.Scoring.Onnx;

namespace MlSql.Scoring.Outputs;

/// <summary>Turns the sums of a recognised graph's trees into the column that was asked for: what <see cref="GraphWriter"/> writes of what ONNX Runtime computes. Safe for any number of threads at once.</summary>
public sealed class RecognisedWriter
{
    private readonly RecognisedGraph _graph;
    private readonly ImmutableArray<GraphOutput> _outputs;
    private readonly GraphWriter _writer;
    private readonly ImmutableArray<bool> _needed;
    private readonly ImmutableArray<LabelValues?> _labels;
    private readonly int _width;

    /// <summary>Prepares one output of a model whose graph was recognised. <paramref name="classIndex"/>: the class of <see cref="ScoreOutput.Probability"/>, null = the predicted one.</summary>
    public RecognisedWriter(ModelSignature signature, GraphStructure graph, RecognisedGraph recognised, ScoreOutput output, int? classIndex)
    {
        (_graph, _outputs) = (recognised, graph.Outputs);
        _writer = new GraphWriter(signature, graph, output, classIndex);
        _width = recognised.Rule.Values(recognised.Structure.Outputs);
        _labels = [.. recognised.Outputs.Select(o => o switch
        {
            LabelOutput label => new LabelValues(label.Element == TensorElement.Text, label.Classes),
            ValuesOutput { Keys: { } keys } => new LabelValues(keys.Kind == ClassKind.Text, keys.Values),
            _ => null,
        })];
        bool classifier = signature.Classes is not null;
        _needed = [.. recognised.Outputs.Select((_, i) => output switch
        {
            ScoreOutput.Row => true,
            ScoreOutput.Value => !classifier || i == 0,
            ScoreOutput.Score when !classifier => i == 0,
            ScoreOutput.Probability when classIndex is null => true,
            _ => i == 1,
        })];
    }

    /// <summary>
    /// Fills the column for all rows. <paramref name="sums"/>: the structure's raw scores, output-major (sums[output · rows + row]). <paramref name="validity"/>: a bit a row, least significant first, 0 where a
    /// feature of <see cref="RecognisedGraph.Required"/> is NULL; empty for none.
    /// </summary>
    public void Write<TOutput>(ReadOnlySpan<double> sums, int rows, ReadOnlySpan<ulong> validity, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        using GraphBatch batch = Batch(sums, rows, validity, all: false);
        _writer.Write(batch, output);
    }

    /// <summary>All outputs for all rows, as if the graph had been run.</summary>
    internal GraphBatch Batch(ReadOnlySpan<double> sums, int rows, ReadOnlySpan<ulong> validity) => Batch(sums, rows, validity, all: true);

    private GraphBatch Batch(ReadOnlySpan<double> sums, int rows, ReadOnlySpan<ulong> validity, bool all)
    {
        double[] values = ArrayPool<double>.Shared.Rent(checked(rows * _width));
        int[] classes = ArrayPool<int>.Shared.Rent(rows);
        try
        {
            RuleValues.Apply(_graph.Rule, _graph.Structure.Outputs, sums, rows, values, classes);
            var columns = ImmutableArray.CreateBuilder<GraphColumn>(_outputs.Length);
            for (int i = 0; i < _outputs.Length; i++) columns.Add(Column(i, values.AsSpan(0, rows * _width), classes.AsSpan(0, all || _needed[i] ? rows : 0)));
            return new GraphBatch(rows, _outputs, columns.MoveToImmutable(), validity.IsEmpty ? null : validity.ToArray());
        }
        finally
        {
            ArrayPool<int>.Shared.Return(classes);
            ArrayPool<double>.Shared.Return(values);
        }
    }

    // As many rows as classes: none of an output that nobody asked for.
    private GraphColumn Column(int index, ReadOnlySpan<double> values, ReadOnlySpan<int> classes)
    {
        LabelValues? labels = _labels[index];
        if (_graph.Outputs[index] is LabelOutput) return new ValueColumn(labels!.Of(classes), batchWide: false);
        var output = (ValuesOutput)_graph.Outputs[index];
        int rows = classes.Length, width = output.Values.Length;
        byte[] bytes = new byte[checked(rows * width * TensorElements.Bytes(output.Element))];
        if (output.Element == TensorElement.Float)
        {
            Span<float> singles = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
            for (int row = 0; row < rows; row++)
                for (int i = 0; i < width; i++) singles[row * width + i] = (float)Stepped(output, values[row * _width + output.Values[i]]);
        }
        else
        {
            Span<double> doubles = MemoryMarshal.Cast<byte, double>(bytes.AsSpan());
            for (int row = 0; row < rows; row++)
                for (int i = 0; i < width; i++) doubles[row * width + i] = Stepped(output, values[row * _width + output.Values[i]]);
        }
        if (labels is null) return new ValueColumn(new TensorValues(output.Element, rows, width, bytes), batchWide: false);
        int[] offsets = new int[rows + 1], order = new int[rows * width];
        for (int row = 0; row <= rows; row++) offsets[row] = row * width;
        for (int i = 0; i < order.Length; i++) order[i] = i % width;
        return new MapColumn(offsets, labels.Of(order), new TensorValues(output.Element, rows * width, 1, bytes));
    }

    private static double Stepped(ValuesOutput output, double value)
    {
        foreach (ElementStep step in output.Steps) value = step.Of(value);
        return value;
    }

    /// <summary>Classes as elements of a tensor, by their index.</summary>
    private sealed class LabelValues
    {
        private readonly byte[][] _texts = [];
        private readonly long[] _wholes = [];

        public LabelValues(bool texts, ImmutableArray<string> classes)
        {
            if (texts) _texts = [.. classes.Select(Encoding.UTF8.GetBytes)];
            else _wholes = [.. classes.Select(c => long.Parse(c, CultureInfo.InvariantCulture))];
        }

        public TensorValues Of(ReadOnlySpan<int> classes)
        {
            if (_texts.Length == 0)
            {
                byte[] bytes = new byte[classes.Length * sizeof(long)];
                Span<long> wholes = MemoryMarshal.Cast<byte, long>(bytes.AsSpan());
                for (int i = 0; i < classes.Length; i++) wholes[i] = _wholes[classes[i]];
                return new TensorValues(TensorElement.Int64, classes.Length, 1, bytes);
            }
            int[] starts = new int[classes.Length + 1];
            for (int i = 0; i < classes.Length; i++) starts[i + 1] = checked(starts[i] + _texts[classes[i]].Length);
            byte[] texts = new byte[starts[^1]];
            for (int i = 0; i < classes.Length; i++) _texts[classes[i]].CopyTo(texts, starts[i]);
            return new TensorValues(classes.Length, 1, texts, starts);
        }
    }
}
