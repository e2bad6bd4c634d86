using System.Diagnostics;
using MlSql.Models.Trees;

namespace MlSql.Scoring.Trees;

/// <summary>Turns raw scores into predictions: the formulas of LightGBM and XGBoost in 64 bits. Scores are those of the first output for all rows, then those of the next.</summary>
internal static class TreeLinks
{
    /// <summary>Makes predictions of raw scores in place; they take the first <see cref="TreeStructure.Predictions"/> columns.</summary>
    public static void Apply(TreeStructure ensemble, Span<double> scores)
    {
        Prepare(ensemble, scores);
        switch (ensemble.Link)
        {
            case TreeLink.Identity:
                break;
            case TreeLink.Logistic:
                Links.Logistic(scores);
                break;
            case TreeLink.Softmax:
                Links.Softmax(scores, ensemble.Outputs);
                break;
            case TreeLink.Exponential:
                Links.Exponential(scores);
                break;
            case TreeLink.LargestScore:
                Largest(scores, ensemble.Outputs);
                break;
            case TreeLink.SignedSquare:
                for (int i = 0; i < scores.Length; i++) scores[i] *= Math.Abs(scores[i]);
                break;
            case TreeLink.Softplus:
                // log(1 + e^s) without overflow.
                for (int i = 0; i < scores.Length; i++) scores[i] = Math.Max(scores[i], 0) + double.LogP1(Math.Exp(-Math.Abs(scores[i])));
                break;
            case TreeLink.Step:
                for (int i = 0; i < scores.Length; i++) scores[i] = scores[i] > 0 ? 1 : 0;
                break;
            default:
                throw new UnreachableException(ensemble.Link.ToString());
        }
    }

    /// <summary>Turns raw scores in place into what the link takes: means where the ensemble averages, times the link's factor.</summary>
    public static void Prepare(TreeStructure ensemble, Span<double> scores)
    {
        int rows = scores.Length / ensemble.Outputs;
        if (ensemble.Aggregate == TreeAggregate.Mean)
            for (int output = 0; output < ensemble.Outputs; output++)
            {
                (double trees, double start) = (ensemble.TreesOf(output), ensemble.Bases[output]);
                foreach (ref double score in scores.Slice(output * rows, rows)) score = start + score / trees;
            }
        if (ensemble.LinkFactor != 1)
            foreach (ref double score in scores) score *= ensemble.LinkFactor;
    }

    // Of equal ones the first.
    private static void Largest(Span<double> scores, int outputs)
    {
        int rows = scores.Length / outputs;
        for (int row = 0; row < rows; row++)
        {
            int largest = 0;
            for (int output = 1; output < outputs; output++)
                if (scores[output * rows + row] > scores[largest * rows + row]) largest = output;
            scores[row] = largest;
        }
    }
}
