using System.Buffers;
using System.Diagnostics;
using MlSql.Models.Onnx.Trees;
using MlSql.Models.Trees;

namespace MlSql.Scoring.Outputs;

/// <summary>
/// From the sums of an ensemble's leaves to the values and classes of a graph that computes them in 64 bits behind it: a <see cref="ScoreRule"/> of steps. With the roundings of ONNX Runtime but for the last bits of its exponentials, which
/// differ there with a row's place in the batch.
/// </summary>
internal static class AnswerValues
{
    /// <summary>As <see cref="RuleValues.Apply"/>.</summary>
    public static void Apply(ScoreRule rule, int outputs, ReadOnlySpan<double> sums, int rows, Span<double> values, Span<int> classes)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(checked(rows * outputs));
        try
        {
            Span<double> scores = rented.AsSpan(0, rows * outputs);
            for (int output = 0; output < outputs; output++) Scores(rule, output, sums.Slice(output * rows, rows), scores.Slice(output * rows, rows));
            switch (rule.Form)
            {
                case ScoreForm.LogisticOfScore:
                    Logistic(scores, values, classes);
                    break;
                case ScoreForm.SoftmaxOfScores:
                    Largest(scores, outputs, classes[..rows]);
                    Links.Softmax(scores, outputs);
                    ByRow(scores, outputs, values);
                    break;
                case ScoreForm.LogisticOfScores:
                    classes[..rows].Clear();
                    Links.Logistic(scores);
                    ByRow(scores, outputs, values);
                    break;
                case ScoreForm.LargestOfScores:
                    Largest(scores, outputs, classes[..rows]);
                    for (int row = 0; row < rows; row++) values[row] = classes[row];
                    classes[..rows].Clear();
                    break;
                case ScoreForm.Scores:
                    classes[..rows].Clear();
                    ByRow(scores, outputs, values);
                    break;
                case ScoreForm.ExponentialOfScores:
                    classes[..rows].Clear();
                    Links.Exponential(scores);
                    ByRow(scores, outputs, values);
                    break;
                default:
                    throw new UnreachableException(rule.Form.ToString());
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private static void Scores(ScoreRule rule, int output, ReadOnlySpan<double> sums, Span<double> scores)
    {
        bool single = rule.Precision == TreePrecision.Single, round = rule.Result == TreePrecision.Single;
        for (int row = 0; row < scores.Length; row++)
        {
            double score = RuleValues.Score(rule, single, output, sums[row]);
            scores[row] = round ? (float)score : score;
        }
        foreach (ElementStep step in rule.Steps[output]) step.Apply(scores);
    }

    // By e^−|s|, as the graph has it: neither overflows nor loses the small probabilities.
    private static void Logistic(Span<double> scores, Span<double> values, Span<int> classes)
    {
        for (int row = 0; row < scores.Length; row++)
        {
            classes[row] = scores[row] >= 0 ? 1 : 0;
            scores[row] = -Math.Abs(scores[row]);
        }
        Links.Exponential(scores);
        for (int row = 0; row < scores.Length; row++)
        {
            double second = (classes[row] == 1 ? 1 : scores[row]) / (scores[row] + 1);
            (values[2 * row], values[2 * row + 1]) = (1 - second, second);
        }
    }

    private static void Largest(ReadOnlySpan<double> scores, int outputs, Span<int> classes)
    {
        int rows = classes.Length;
        classes.Clear();
        for (int output = 1; output < outputs; output++)
        {
            ReadOnlySpan<double> column = scores.Slice(output * rows, rows);
            for (int row = 0; row < rows; row++)
                if (column[row] > scores[classes[row] * rows + row]) classes[row] = output;
        }
    }

    private static void ByRow(ReadOnlySpan<double> scores, int outputs, Span<double> values)
    {
        int rows = scores.Length / outputs;
        for (int output = 0; output < outputs; output++)
        {
            ReadOnlySpan<double> column = scores.Slice(output * rows, rows);
            for (int row = 0; row < rows; row++) values[row * outputs + output] = column[row];
        }
    }
}
