using System.Diagnostics;
using MlSql.Models.Onnx.Trees;
using MlSql.Models.Trees;

namespace MlSql.Scoring.Outputs;

/// <summary>From the sums of an ensemble's leaves to its values and classes, by a <see cref="ScoreRule"/>: with the roundings of ONNX Runtime but for the last bits of its exponentials.</summary>
internal static class RuleValues
{
    private const int MostOnStack = 64;

    /// <summary>
    /// Writes each row's values, row after row (<see cref="ScoreRule.Values"/> of them a row), and its class, 0 where the form has none. <paramref name="sums"/> is output-major: sums[output · rows + row].
    /// </summary>
    public static void Apply(ScoreRule rule, int outputs, ReadOnlySpan<double> sums, int rows, Span<double> values, Span<int> classes)
    {
        if (rule.IsOfSteps)
        {
            AnswerValues.Apply(rule, outputs, sums, rows, values, classes);
            return;
        }
        bool single = rule.Precision == TreePrecision.Single, round = rule.Result == TreePrecision.Single;
        int width = rule.Values(outputs);
        Span<double> row = width <= MostOnStack ? stackalloc double[width] : new double[width];
        // A second score that is only given fills place 1 beside a 0.
        int first = rule.Form == ScoreForm.SecondScore ? 1 : 0;
        for (int i = 0; i < rows; i++)
        {
            row[0] = 0;
            for (int output = 0; output < outputs; output++) row[first + output] = Score(rule, single, output, sums[output * rows + i]);
            classes[i] = Finish(rule, single, row);
            for (int value = 0; value < width; value++) values[i * width + value] = round ? (float)row[value] : row[value];
        }
    }

    /// <summary>The ensemble's score of a sum of leaves.</summary>
    public static double Score(ScoreRule rule, bool single, int output, double sum)
    {
        if (rule.Divisor > 1) sum = single ? (float)sum / rule.Divisor : sum / rule.Divisor;
        return rule.Bases.IsEmpty ? sum : single ? (float)sum + (float)rule.Bases[output] : sum + rule.Bases[output];
    }

    private static int Finish(ScoreRule rule, bool single, Span<double> row)
    {
        int chosen = 0;
        switch (rule.Form)
        {
            case ScoreForm.Targets when row.Length == 1:
                return 0;
            case ScoreForm.Targets:
                break;
            case ScoreForm.Classes:
                for (int i = 1; i < row.Length; i++)
                    if (row[i] > row[chosen]) chosen = i;
                break;
            case ScoreForm.TwoScores:
                chosen = row[1] > 0 ? 1 : 0;
                break;
            case ScoreForm.SecondScore:
                chosen = row[1] > rule.Cut ? 1 : 0;
                break;
            case ScoreForm.OneScore:
                chosen = row[0] > rule.Cut ? 1 : 0;
                Spread(rule, single, row);
                return chosen;
            default:
                throw new UnreachableException(rule.Form.ToString());
        }
        Transform(rule.Transform, single, row);
        return chosen;
    }

    private static void Spread(ScoreRule rule, bool single, Span<double> row)
    {
        double score = row[0];
        if (rule.Transform == PostTransform.Logistic) (row[0], row[1]) = (Logistic((float)-score), Logistic((float)score));
        else if (rule.AllPositive) (row[0], row[1]) = (single ? 1 - (float)score : 1 - score, score);
        else (row[0], row[1]) = (-score, score);
    }

    private static void Transform(PostTransform transform, bool single, Span<double> row)
    {
        switch (transform)
        {
            case PostTransform.None:
                break;
            case PostTransform.Logistic:
                foreach (ref double value in row) value = Logistic((float)value);
                break;
            case PostTransform.Softmax:
                Softmax(single, row, zeroApart: false);
                break;
            case PostTransform.SoftmaxZero:
                Softmax(single, row, zeroApart: true);
                break;
            default:
                throw new UnreachableException(transform.ToString());
        }
    }

    private static float Logistic(float score)
    {
        float probability = 1 / (1 + MathF.Exp(-MathF.Abs(score)));
        return score < 0 ? 1 - probability : probability;
    }

    private static void Softmax(bool single, Span<double> row, bool zeroApart)
    {
        const float Zero = 0.0000001f;
        float largest = float.MinValue, sum = 0;
        foreach (double value in row) largest = value > largest ? (float)value : largest;
        float zeroFactor = MathF.Exp(-largest);
        foreach (ref double value in row)
        {
            if (zeroApart && value <= Zero && value >= -Zero)
            {
                value = single ? (float)value * zeroFactor : value * zeroFactor;
                continue;
            }
            value = single ? MathF.Exp((float)value - largest) : Math.Exp(value - largest);
            sum += (float)value;
        }
        foreach (ref double value in row) value = single ? (float)value / sum : value / sum;
    }
}
