using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Rules;

/// <summary>
/// Gives NULL for features that cannot change the score, so that the engine need not read their columns.
/// <code>
/// before  predict(m, a, b, c)      where m has b as a constant column
/// after   predict(m, a, NULL, c)
/// </code>
/// The model stays the same one: a function of its full features is registered once.
/// </summary>
public sealed class DropUnreadFeatures : IRule
{
    private static readonly BoundSql Null = BoundSql.Of("NULL");

    /// <inheritdoc/>
    public string Name => "drop_unread_features";

    /// <inheritdoc/>
    public BoundPrediction? TryRewrite(BoundPrediction prediction, EngineCapabilities engine)
    {
        // What a graph reads is the runtime's to know.
        if (prediction.Model.Model.Structure is not LinearStructure) return null;
        var read = ReadFeatures(prediction.Model.Model);
        var arguments = prediction.Arguments;
        for (int i = 0; i < arguments.Length; i++)
            if (!read.Contains(i)) arguments = arguments.SetItem(i, Null);
        return arguments == prediction.Arguments ? null : prediction with { Arguments = arguments };
    }

    // A feature is unread when its encoded columns are always 0, or when their weights are 0 and their values finite.
    private static HashSet<int> ReadFeatures(Model model)
    {
        var read = new HashSet<int>();
        var weights = ((LinearStructure)model.Structure).Weights.AsSpan();
        foreach (var featurizer in model.Featurizers)
        {
            bool unread = featurizer switch
            {
                NumericFeaturizer f => f.Scale == 0,
                OneHotFeaturizer f => weights[..f.Width].IndexOfAnyExcept(0.0) < 0,
                _ => false,
            };
            if (!unread) read.Add(featurizer.Feature);
            weights = weights[featurizer.Width..];
        }
        return read;
    }
}
