using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Trees;
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
    /// <inheritdoc/>
    public string Name => "drop_unread_features";

    /// <inheritdoc/>
    public BoundPrediction? TryRewrite(BoundPrediction prediction, EngineCapabilities engine)
    {
        // What a graph reads is the runtime's to know.
        var model = prediction.Model.Model;
        HashSet<int> read;
        if (model.Structure is LinearStructure linear) read = ReadFeatures(model, linear);
        else if (model.Structure is TreeStructure trees) read = ReadFeatures(model, trees);
        else return null;
        var arguments = prediction.Arguments;
        for (int i = 0; i < arguments.Length; i++)
            if (!read.Contains(i)) arguments = arguments.SetItem(i, BoundSql.Unread);
        return arguments == prediction.Arguments ? null : prediction with { Arguments = arguments };
    }

    // A feature is unread when its encoded columns are always 0, or when their weights are 0 and their values finite.
    private static HashSet<int> ReadFeatures(Model model, LinearStructure linear)
    {
        var read = new HashSet<int>();
        var weights = linear.Weights.AsSpan();
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

    // A list or a date is read whole. What may be an error in a value (a list of another length) counts as read.
    private static HashSet<int> ReadFeatures(Model model, TreeStructure trees)
    {
        var columns = new HashSet<int>();
        foreach (var tree in trees.Trees)
        {
            foreach (var split in tree.Splits) columns.Add(split.Column);
            foreach (var leaf in tree.Linear) columns.UnionWith(leaf.Columns);
        }
        var read = new HashSet<int>();
        int at = 0;
        foreach (var featurizer in model.Featurizers)
        {
            bool isList = featurizer is RawFeaturizer { Columns: not 1 };
            if (isList || Enumerable.Range(at, featurizer.Width).Any(columns.Contains)) read.Add(featurizer.Feature);
            at += featurizer.Width;
        }
        return read;
    }
}
