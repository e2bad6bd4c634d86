using System.Collections.Immutable;
using MlSql.Models.Featurizers;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Export;

/// <summary>What a split needs of a column before it compares.</summary>
internal enum ColumnForm
{
    /// <summary>The value.</summary>
    Raw,

    /// <summary>0 in the place of NaN.</summary>
    ZeroForNaN,

    /// <summary>Cut to a whole number, toward 0.</summary>
    Whole,

    /// <summary>Both.</summary>
    WholeZeroForNaN,
}

/// <summary>The matrix that an exported ensemble reads: the encoded columns in double, and behind them those that splits need in another form.</summary>
internal sealed class TreeColumns
{
    private readonly int _width;
    private readonly Dictionary<(int Column, ColumnForm Form), int> _places = [];
    private readonly Dictionary<ColumnForm, List<int>> _formed = new() { [ColumnForm.ZeroForNaN] = [], [ColumnForm.Whole] = [], [ColumnForm.WholeZeroForNaN] = [] };

    public TreeColumns(TreeStructure trees, int width)
    {
        _width = width;
        foreach (Tree tree in trees.Trees)
            foreach (TreeSplit split in tree.Splits)
                if (FormOf(split) is var form and not ColumnForm.Raw && _places.TryAdd((split.Column, form), 0)) _formed[form].Add(split.Column);
        int place = width;
        foreach ((ColumnForm form, List<int> columns) in _formed)
            foreach (int column in columns) _places[(column, form)] = place++;
    }

    /// <summary>The matrix's column of a split.</summary>
    public long PlaceOf(in TreeSplit split) => FormOf(split) is var form and not ColumnForm.Raw ? _places[(split.Column, form)] : split.Column;

    /// <summary>Adds the nodes of the matrix, [N, columns] in double. MLS7101 for a featurizer that has no nodes.</summary>
    public string Write(GraphWriter graph, Model model, ImmutableArray<FeatureInput> inputs, TreePrecision precision)
    {
        if (_width == 0) throw ExportErrors.Unsupported("its trees read no feature");
        var byFeature = inputs.ToLookup(i => i.Feature);
        string[] encoded = [.. model.Featurizers.Where(f => f.Width > 0).Select(f => Encoded(graph, byFeature[f.Feature].First(i => i.IsReadBy(f)), f, precision))];
        string raw = Joined(graph, "encoded", encoded);
        List<string> parts = [raw];
        foreach ((ColumnForm form, List<int> columns) in _formed)
        {
            if (columns.Count == 0) continue;
            string value = graph.Node("Gather", $"columns as {form}", [raw, graph.Constants($"columns of {form}", [.. columns.Select(c => (long)c)], columns.Count)], NodeAttribute.Of("axis", 1));
            if (form is ColumnForm.ZeroForNaN or ColumnForm.WholeZeroForNaN) value = graph.Node("Where", "zero for NaN", [graph.Node("IsNaN", "is NaN", [value]), graph.Constant(0.0), value]);
            if (form is ColumnForm.Whole or ColumnForm.WholeZeroForNaN) value = graph.Node("Mul", "cut", [graph.Node("Sign", "sign", [value]), graph.Node("Floor", "whole size", [graph.Node("Abs", "size", [value])])]);
            parts.Add(value);
        }
        return Joined(graph, "columns", parts);
    }

    private static ColumnForm FormOf(in TreeSplit split) => (split.Test == SplitTest.InSet, split.Missing) switch
    {
        (_, MissingRule.ZeroOrNaN) => throw ExportErrors.Unsupported("a split of it takes 0 for missing"),
        (false, MissingRule.NaN) => ColumnForm.Raw,
        (false, _) => ColumnForm.ZeroForNaN,
        (true, MissingRule.NaN) => ColumnForm.Whole,
        _ => ColumnForm.WholeZeroForNaN,
    };

    private static string Encoded(GraphWriter graph, FeatureInput input, Featurizer featurizer, TreePrecision precision) => featurizer switch
    {
        RawFeaturizer when input.Type is NumberFeature or NumberListFeature => input.Name,
        RawFeaturizer when input.Type is BooleanFeature => graph.Node("Cast", input.Name + " as number", [input.Name], NodeAttribute.Of("to", (long)TensorElement.Double)),
        LevelFeaturizer level => Level(graph, input, level),
        RawFeaturizer when input.Type is DateFeature || precision == TreePrecision.Double => CalendarNodes.Parts(graph, input, [.. Enumerable.Range(0, CalendarParts.Count)]),
        // Days with their fraction have no place in 32 bits: steps of three minutes are left today.
        RawFeaturizer => throw ExportErrors.TimeInSingle(input.Name),
        _ => throw ExportErrors.Unsupported($"its trees do not read {input.Name} as it is"),
    };

    // The empty text is NULL, unless training saw it as a level.
    private static string Level(GraphWriter graph, FeatureInput input, LevelFeaturizer featurizer)
    {
        List<string> keys = [.. featurizer.Levels];
        List<float> values = [.. Enumerable.Range(0, keys.Count).Select(i => (float)i)];
        if (keys.Count >= 1 << 24) throw ExportErrors.Unsupported($"{input.Name} has {keys.Count} levels");
        if (!keys.Contains(""))
        {
            keys.Add("");
            values.Add(float.NaN);
        }
        string number = graph.MlNode("LabelEncoder", input.Name + " level", [input.Name], NodeAttribute.Of("keys_strings", [.. keys]), NodeAttribute.Of("values_floats", [.. values]), NodeAttribute.Of("default_float", -1f));
        return graph.Node("Cast", input.Name + " as number", [number], NodeAttribute.Of("to", (long)TensorElement.Double));
    }

    private static string Joined(GraphWriter graph, string name, IReadOnlyList<string> parts) => parts.Count == 1 ? parts[0] : graph.Node("Concat", name, [.. parts], NodeAttribute.Of("axis", 1));
}
