using System.Buffers;
using MlSql.Models;
using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Outputs;

/// <summary>Turns the scores of a kernel into the column that was asked for of a model that was trained. Safe for any number of threads at once.</summary>
internal sealed class ScoreWriter
{
    private readonly TreeStructure? _trees;
    private readonly ScoreOutput _output;
    private readonly int? _classIndex;
    private readonly ClassDecoder _decoder;
    private readonly ClassWriter? _labels;
    private readonly int _classes;

    /// <summary>Prepares one output of a model. <paramref name="classIndex"/>: the class of <see cref="ScoreOutput.Probability"/>, null = the predicted one. Throws <see cref="Columnar.CodedException"/> MLS4003.</summary>
    public ScoreWriter(Model model, ScoreOutput output, double threshold, int? classIndex)
    {
        (_trees, _output, _classIndex, _decoder) = (model.Structure as TreeStructure, output, classIndex, new ClassDecoder(threshold));
        if (model.Signature.Classes is not { } classes) return;
        (_labels, _classes) = (new ClassWriter(classes), classes.Values.Length);
    }

    /// <summary>Fills the column for all rows. The scores are those before the link, output after output, and are changed.</summary>
    public void Write<TOutput>(Span<double> scores, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        if (_labels is null)
        {
            if (_trees is not null) TreeLinks.Apply(_trees, scores);
            scores.CopyTo(output.Values<double>());
            return;
        }
        if (_trees is not null) TreeLinks.Prepare(_trees, scores);
        switch (_output)
        {
            case ScoreOutput.Value:
                WriteLabels(scores, output);
                break;
            case ScoreOutput.Score when _classes == 2:
                Links.Logistic(scores);
                scores.CopyTo(output.Values<double>());
                break;
            case ScoreOutput.Probability:
                WriteProbability(scores, output.Values<double>());
                break;
            case ScoreOutput.Probabilities or ScoreOutput.Score:
                WriteAll(scores, ScoreLists.Open(output, _classes).Values<double>());
                break;
            case ScoreOutput.Row:
                WriteLabels(scores, output.Field(0));
                var pairs = ScoreLists.Open(output.Field(1), _classes);
                _labels.WriteAlternating(pairs.Field(0));
                WriteAll(scores, pairs.Field(1).Values<double>());
                break;
            default:
                throw new System.Diagnostics.UnreachableException(_output.ToString());
        }
    }

    private void WriteLabels<TOutput>(ReadOnlySpan<double> scores, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        int[] classes = ArrayPool<int>.Shared.Rent(output.Rows);
        _decoder.Decode(scores, classes.AsSpan(0, output.Rows));
        _labels!.Write(classes.AsSpan(0, output.Rows), output);
        ArrayPool<int>.Shared.Return(classes);
    }

    private void WriteProbability(Span<double> scores, Span<double> output)
    {
        int rows = output.Length;
        if (_classes == 2 && _classIndex is { } one)
        {
            scores.CopyTo(output);
            Links.Logistic(output);
            if (one == 0)
                for (int i = 0; i < output.Length; i++) output[i] = 1 - output[i];
            return;
        }
        int[] classes = ArrayPool<int>.Shared.Rent(rows);
        if (_classIndex is { } only) classes.AsSpan(0, rows).Fill(only);
        else _decoder.Decode(scores, classes.AsSpan(0, rows));
        if (_classes == 2)
        {
            scores.CopyTo(output);
            Links.Logistic(output);
            for (int i = 0; i < output.Length; i++)
                if (classes[i] == 0) output[i] = 1 - output[i];
        }
        else
        {
            Links.Softmax(scores, _classes);
            for (int i = 0; i < output.Length; i++) output[i] = classes[i] < 0 ? double.NaN : scores[classes[i] * rows + i];
        }
        ArrayPool<int>.Shared.Return(classes);
    }

    private void WriteAll(Span<double> scores, Span<double> lists)
    {
        if (_classes > 2)
        {
            Links.Softmax(scores, _classes);
            ScoreLists.Transpose(scores, _classes, lists);
            return;
        }
        Links.Logistic(scores);
        for (int i = 0; i < scores.Length; i++)
        {
            lists[2 * i] = 1 - scores[i];
            lists[2 * i + 1] = scores[i];
        }
    }
}
