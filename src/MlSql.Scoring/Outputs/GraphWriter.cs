using System.Buffers;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx;

namespace MlSql.Scoring.Outputs;

/// <summary>Turns what a graph computed into the column that was asked for. Safe for any number of threads at once.</summary>
public sealed class GraphWriter
{
    private readonly ScoreOutput _output;
    private readonly int? _classIndex;
    private readonly GraphClasses? _classes;

    /// <summary>Prepares one output of a model. <paramref name="classIndex"/>: the class of <see cref="ScoreOutput.Probability"/>, null = the predicted one.</summary>
    public GraphWriter(ModelSignature signature, GraphStructure graph, ScoreOutput output, int? classIndex)
    {
        (_output, _classIndex) = (output, classIndex);
        _classes = signature.Classes is { } classes ? new GraphClasses(classes, graph.ClassOrder) : null;
    }

    /// <summary>Fills the column for all rows; those whose features do not allow an answer are NULL.</summary>
    public void Write<TOutput>(GraphBatch batch, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        WriteAll(batch, output);
        if (batch.Validity.IsEmpty) return;
        for (int row = 0; row < batch.Rows; row++)
            if (!batch.IsValid(row)) output.SetNull(row);
    }

    private void WriteAll<TOutput>(GraphBatch batch, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        switch (_output)
        {
            case ScoreOutput.Value when _classes is not null || batch.Columns.Length == 1:
                GraphColumnWriter.Write(batch.Columns[0], batch.Rows, output);
                break;
            case ScoreOutput.Value or ScoreOutput.Row:
                for (int i = 0; i < batch.Columns.Length; i++) GraphColumnWriter.Write(batch.Columns[i], batch.Rows, output.Field(i));
                break;
            case ScoreOutput.Probabilities:
            case ScoreOutput.Score when _classes is { Count: > 2 }:
                int[] lengths = new int[batch.Rows];
                Array.Fill(lengths, _classes!.Count);
                _classes.Probabilities(batch.Columns[1], batch.Rows, output.SetLists(lengths).Values<double>());
                break;
            case ScoreOutput.Probability when _classIndex is { } only:
                _classes!.Probability(batch.Columns[1], only, output.Values<double>());
                break;
            case ScoreOutput.Probability:
                WriteProbability(batch, output);
                break;
            case ScoreOutput.Score when _classes is not null:
                _classes.Probability(batch.Columns[1], _classes.Count - 1, output.Values<double>());
                break;
            case ScoreOutput.Score:
                GraphColumnWriter.WriteDoubles(batch.Columns[0], batch.Rows, output.Values<double>());
                break;
            default:
                throw new System.Diagnostics.UnreachableException(_output.ToString());
        }
    }

    private void WriteProbability<TOutput>(GraphBatch batch, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        int count = _classes!.Count;
        double[] all = ArrayPool<double>.Shared.Rent(batch.Rows * count);
        int[] labels = ArrayPool<int>.Shared.Rent(batch.Rows);
        try
        {
            _classes.Probabilities(batch.Columns[1], batch.Rows, all.AsSpan(0, batch.Rows * count));
            _classes.Labels(batch.Columns[0], labels.AsSpan(0, batch.Rows));
            var values = output.Values<double>();
            for (int row = 0; row < batch.Rows; row++)
            {
                if (labels[row] < 0) output.SetNull(row);
                else values[row] = all[row * count + labels[row]];
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(labels);
            ArrayPool<double>.Shared.Return(all);
        }
    }
}
