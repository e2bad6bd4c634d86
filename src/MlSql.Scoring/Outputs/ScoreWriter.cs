using System.Buffers;
using MlSql.Models;

namespace MlSql.Scoring.Outputs;

/// <summary>Turns the scores of a kernel into the column that was asked for. Safe for any number of threads at once.</summary>
public sealed class ScoreWriter
{
    private readonly ScoreOutput _output;
    private readonly int? _classIndex;
    private readonly ClassDecoder _decoder;
    private readonly ClassWriter? _labels;

    /// <summary>Prepares one output of a model. <paramref name="classIndex"/>: the class of <see cref="ScoreOutput.Probability"/>, null = the predicted one. Throws <see cref="Columnar.CodedException"/> MLS4003.</summary>
    public ScoreWriter(ModelSignature signature, ScoreOutput output, double threshold, int? classIndex)
    {
        (_output, _classIndex, _decoder) = (output, classIndex, new ClassDecoder(threshold));
        _labels = signature.Classes is { } classes ? new ClassWriter(classes) : null;
    }

    /// <summary>Fills the column for all rows. The scores are those before the link, and are changed.</summary>
    public void Write<TOutput>(Span<double> scores, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        switch (_output)
        {
            case ScoreOutput.Score:
                if (_labels is not null) Links.Logistic(scores);
                scores.CopyTo(output.Values<double>());
                break;
            case ScoreOutput.Value when _labels is null:
                scores.CopyTo(output.Values<double>());
                break;
            case ScoreOutput.Value:
                WriteLabels(scores, output);
                break;
            case ScoreOutput.Probability:
                WriteProbability(scores, output.Values<double>());
                break;
            case ScoreOutput.Probabilities:
                WriteBoth(scores, output.SetLists(Twos(scores.Length)).Values<double>());
                break;
            case ScoreOutput.Row:
                WriteLabels(scores, output.Field(0));
                var pairs = output.Field(1).SetLists(Twos(scores.Length));
                _labels!.WriteAlternating(pairs.Field(0));
                WriteBoth(scores, pairs.Field(1).Values<double>());
                break;
            default:
                throw new System.Diagnostics.UnreachableException(_output.ToString());
        }
    }

    private void WriteLabels<TOutput>(ReadOnlySpan<double> scores, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        int[] classes = ArrayPool<int>.Shared.Rent(scores.Length);
        _decoder.Decode(scores, classes);
        _labels!.Write(classes.AsSpan(0, scores.Length), output);
        ArrayPool<int>.Shared.Return(classes);
    }

    private void WriteProbability(Span<double> scores, Span<double> output)
    {
        scores.CopyTo(output);
        Links.Logistic(output);
        if (_classIndex is { } only)
        {
            if (only == 0)
                for (int i = 0; i < output.Length; i++) output[i] = 1 - output[i];
            return;
        }
        int[] classes = ArrayPool<int>.Shared.Rent(scores.Length);
        _decoder.Decode(scores, classes);
        for (int i = 0; i < output.Length; i++)
            if (classes[i] == 0) output[i] = 1 - output[i];
        ArrayPool<int>.Shared.Return(classes);
    }

    private static void WriteBoth(Span<double> scores, Span<double> pairs)
    {
        Links.Logistic(scores);
        for (int i = 0; i < scores.Length; i++)
        {
            pairs[2 * i] = 1 - scores[i];
            pairs[2 * i + 1] = scores[i];
        }
    }

    private static ReadOnlySpan<int> Twos(int rows)
    {
        int[] lengths = new int[rows];
        Array.Fill(lengths, 2);
        return lengths;
    }
}
