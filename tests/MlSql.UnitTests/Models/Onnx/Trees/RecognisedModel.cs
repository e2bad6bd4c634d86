using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Trees;
using MlSql.Scoring;
using MlSql.Scoring.Featurizers;
using MlSql.Scoring.Onnx;
using MlSql.Scoring.Outputs;
using MlSql.Scoring.Trees;

namespace MlSql.UnitTests.Models.Onnx.Trees;

/// <summary>A recognised graph evaluated by the reference walk, row by row.</summary>
internal sealed class RecognisedModel
{
    private readonly RecognisedGraph _graph;
    private readonly FeatureSource[] _sources;
    private readonly ColumnEncoder[] _encoders;
    private readonly RecognisedWriter _writer;

    public RecognisedModel(RecognisedGraph graph, GraphStructure structure)
    {
        _graph = graph;
        ModelSignature signature = new(graph.Features, "y", ModelTask.Regression, null);
        // What a model of these parts must hold for a scorer to take it.
        Assert.That(MlSql.Models.Format.ModelCheck.FirstFault(new Model(signature, graph.Featurizers, graph.Structure)), Is.Null);
        _sources = [.. graph.Featurizers.Select(f => new FeatureSource(signature, f))];
        _encoders = [.. graph.Featurizers.Select((f, i) => ColumnEncoder.Of(f, _sources[i]))];
        _writer = new RecognisedWriter(signature, structure, graph, ScoreOutput.Row, null);
    }

    /// <summary>All outputs as the graph would give them.</summary>
    public GraphBatch Score(ReadOnlySpan<ColumnView> features, int rows) => _writer.Batch(Sums(features, rows), rows, Validity(features, rows));

    /// <summary>The raw scores, output-major.</summary>
    public double[] Sums(ReadOnlySpan<ColumnView> features, int rows)
    {
        double[] encoded = new double[_graph.EncodedWidth * FeatureBlock.MaxRows], row = new double[_graph.EncodedWidth], scratch = new double[FeatureBlock.MaxRows];
        ulong[] words = new ulong[FeatureBlock.MaxRows / 64];
        double[] sums = new double[_graph.Structure.Outputs * rows], scores = new double[_graph.Structure.Outputs];
        for (int start = 0; start < rows; start += FeatureBlock.MaxRows)
        {
            int count = Math.Min(FeatureBlock.MaxRows, rows - start), at = 0;
            for (int f = 0; f < _encoders.Length; f++)
            {
                var block = _sources[f].Resolve(features, start, count, words, scratch);
                _encoders[f].Write(block, encoded.AsSpan(at * FeatureBlock.MaxRows), FeatureBlock.MaxRows);
                at += _graph.Featurizers[f].Width;
            }
            for (int i = 0; i < count; i++)
            {
                for (int c = 0; c < row.Length; c++) row[c] = encoded[c * FeatureBlock.MaxRows + i];
                TreeWalk.Score(_graph.Structure, row, scores);
                for (int o = 0; o < scores.Length; o++) sums[o * rows + start + i] = scores[o];
            }
        }
        return sums;
    }

    private ulong[] Validity(ReadOnlySpan<ColumnView> features, int rows)
    {
        RowMask mask = new(rows);
        foreach (int feature in _graph.Required)
            for (int row = 0; row < rows; row++)
                if (!features[feature].IsValid(row)) mask.Mark(row);
        return mask.Bits ?? [];
    }
}
