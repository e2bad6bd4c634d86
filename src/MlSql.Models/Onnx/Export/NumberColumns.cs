namespace MlSql.Models.Onnx.Export;

/// <summary>The columns of numbers with a weight: values [N, k] in double beside each other, NaN for NULL, with their means and their weights divided by their scales.</summary>
internal sealed class NumberColumns(GraphWriter graph)
{
    private readonly List<string> _values = [];
    private readonly List<double> _means = [];
    private readonly List<double> _weights = [];

    /// <summary>The factor on (x − mean): weight / scale, 0 for a constant column or one without weight. MLS7102 when it is no finite number.</summary>
    public static double Factor(FeatureInput input, double mean, double scale, double weight)
    {
        if (scale == 0 || weight == 0) return 0;
        double factor = weight / scale;
        return double.IsFinite(factor) && double.IsFinite(mean) ? factor : throw ExportErrors.Contradiction($"a weight, mean or scale is not a finite number: {input.Name}");
    }

    /// <summary>Adds the positions of a number, boolean or list that have a weight.</summary>
    public void Add(FeatureInput input, ReadOnlySpan<double> means, ReadOnlySpan<double> scales, ReadOnlySpan<double> weights)
    {
        List<long> kept = [];
        for (int i = 0; i < means.Length; i++)
        {
            double factor = Factor(input, means[i], scales[i], weights[i]);
            if (factor == 0) continue;
            kept.Add(i);
            _means.Add(means[i]);
            _weights.Add(factor);
        }
        if (kept.Count == 0) return;
        string values = input.Type is BooleanFeature ? graph.Node("Cast", input.Name + " as number", [input.Name], NodeAttribute.Of("to", (long)TensorElement.Double)) : input.Name;
        if (kept.Count < means.Length) values = graph.Node("Gather", input.Name + " used", [values, graph.Constants(input.Name + " positions", kept.ToArray(), kept.Count)], NodeAttribute.Of("axis", 1));
        _values.Add(values);
    }

    /// <summary>Adds computed columns: as many values [N, k] as there are means and factors.</summary>
    public void Add(string values, ReadOnlySpan<double> means, ReadOnlySpan<double> factors)
    {
        _values.Add(values);
        _means.AddRange(means);
        _weights.AddRange(factors);
    }

    /// <summary>The share of all columns in the score, [N, 1]; null when there are none.</summary>
    public string? Score()
    {
        if (_values.Count == 0) return null;
        int width = _means.Count;
        string numbers = _values.Count == 1 ? _values[0] : graph.Node("Concat", "numbers", [.. _values], NodeAttribute.Of("axis", 1));
        string centred = graph.Node("Sub", "numbers less means", [numbers, graph.Constants("means", _means.ToArray(), width)]);
        string missing = graph.Node("IsNaN", "numbers missing", [numbers]);
        string known = graph.Node("Where", "numbers known", [missing, graph.Constant(0.0), centred]);
        return graph.Node("MatMul", "numbers score", [known, graph.Constants("weights", _weights.ToArray(), width, 1)]);
    }
}
