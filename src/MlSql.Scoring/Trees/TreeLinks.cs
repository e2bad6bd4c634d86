using System.Diagnostics;
using MlSql.Models.Trees;

namespace MlSql.Scoring.Trees;

/// <summary>Turns a row's raw scores into predictions. LightGBM's and XGBoost's own formulas in 64 bits.</summary>
internal static class TreeLinks
{
    /// <summary>Predictions a row of so many scores.</summary>
    public static int Width(TreeStructure ensemble) => ensemble.Link == TreeLink.LargestScore ? 1 : ensemble.Outputs;

    /// <summary>Writes the predictions of one row. The raw scores are changed where the ensemble averages.</summary>
    public static void Apply(TreeStructure ensemble, Span<double> scores, Span<double> predictions)
    {
        if (ensemble.Aggregate == TreeAggregate.Mean)
            for (int i = 0; i < scores.Length; i++) scores[i] = ensemble.Bases[i] + scores[i] / ensemble.TreesOf(i);
        switch (ensemble.Link)
        {
            case TreeLink.Softmax:
                Softmax(scores, predictions);
                break;
            case TreeLink.LargestScore:
                predictions[0] = Largest(scores);
                break;
            default:
                for (int i = 0; i < scores.Length; i++) predictions[i] = One(ensemble, scores[i]);
                break;
        }
    }

    private static double One(TreeStructure ensemble, double score) => ensemble.Link switch
    {
        TreeLink.Identity => score,
        TreeLink.Logistic => 1 / (1 + Math.Exp(-ensemble.LinkFactor * score)),
        TreeLink.Exponential => Math.Exp(score),
        TreeLink.SignedSquare => Math.Sign(score) * score * score,
        // log(1 + e^s) without overflow.
        TreeLink.Softplus => Math.Max(score, 0) + double.LogP1(Math.Exp(-Math.Abs(score))),
        TreeLink.Step => score > 0 ? 1 : 0,
        _ => throw new UnreachableException(ensemble.Link.ToString()),
    };

    // Of equal ones the first.
    private static int Largest(ReadOnlySpan<double> scores)
    {
        int largest = 0;
        for (int i = 1; i < scores.Length; i++)
            if (scores[i] > scores[largest]) largest = i;
        return largest;
    }

    private static void Softmax(ReadOnlySpan<double> scores, Span<double> into)
    {
        double largest = scores[Largest(scores)], sum = 0;
        for (int i = 0; i < scores.Length; i++) sum += into[i] = Math.Exp(scores[i] - largest);
        for (int i = 0; i < scores.Length; i++) into[i] /= sum;
    }
}
