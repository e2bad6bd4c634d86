using MlSql.Models.Featurizers;

namespace MlSql.Models.Onnx.Export;

/// <summary>The share of a text in the score: the number of its level, and by that the level's weight.</summary>
internal static class LevelNodes
{
    /// <summary>
    /// Adds the nodes and gives the share, [N, 1]; null when no level has a weight. The empty text is NULL where training had a NULL, else the level that it was in training, else unseen; an unseen text adds 0.
    /// </summary>
    public static string? Add(GraphWriter graph, FeatureInput input, OneHotFeaturizer featurizer, ReadOnlySpan<double> weights)
    {
        bool any = false;
        foreach (double weight in weights)
        {
            if (!double.IsFinite(weight)) throw ExportErrors.Contradiction($"a weight is not a finite number: {input.Name}");
            any |= weight != 0;
        }
        if (!any) return null;

        List<string> levels = [];
        List<double> table = [];
        for (int i = 0; i < featurizer.Levels.Length; i++)
        {
            if (featurizer.NullLevel && featurizer.Levels[i].Length == 0) continue;
            levels.Add(featurizer.Levels[i]);
            table.Add(weights[i]);
        }
        if (featurizer.NullLevel)
        {
            levels.Add("");
            table.Add(weights[^1]);
        }
        table.Add(0);
        string level = graph.MlNode("LabelEncoder", input.Name + " level", [input.Name],
            NodeAttribute.Of("keys_strings", [.. levels]), NodeAttribute.Of("values_int64s", [.. Enumerable.Range(0, levels.Count).Select(i => (long)i)]), NodeAttribute.Of("default_int64", levels.Count));
        return graph.Node("Gather", input.Name + " score", [graph.Constants(input.Name + " weights", table.ToArray(), table.Count), level], NodeAttribute.Of("axis", 0));
    }
}
