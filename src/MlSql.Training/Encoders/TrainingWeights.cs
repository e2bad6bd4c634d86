using MlSql.Models;
using MlSql.Training.Kernels;
using MlSql.Training.Metrics;
using MlSql.Training.Rows;
using MlSql.Training.Trees;

namespace MlSql.Training.Encoders;

/// <summary>What each training row weighs: its weight × that of its class.</summary>
internal static class TrainingWeights
{
    /// <summary>The weights of the training rows; null when every row weighs 1. Throws MLS3006 when all but one class have no weight, MLS3016 when no row has any.</summary>
    public static ChunkedArray<double>? Of(RowStore store, TrainingSpec spec, ClassLabels? classes)
    {
        ChunkedArray<double> labels = store.Labels.Parts[(int)RowPart.Train];
        ChunkedArray<double>? rowWeights = store.Weights?[(int)RowPart.Train];
        double[] sums = SumsOfClasses(labels.Blocks, block => labels.Block(block), rowWeights is null ? null : block => rowWeights.Block(block), classes?.Values.Length);
        if (Factors(sums, spec, classes) is not { } factors) return rowWeights;
        ChunkedArray<double> product = new(store.Budget);
        double[] products = new double[RowStore.BlockRows];
        for (int block = 0; block < labels.Blocks; block++)
        {
            ReadOnlySpan<double> values = labels.Block(block), weights = rowWeights is null ? [] : rowWeights.Block(block);
            for (int i = 0; i < values.Length; i++) products[i] = factors[(int)values[i]] * (weights.IsEmpty ? 1 : weights[i]);
            product.Append(products.AsSpan(0, values.Length));
        }
        return product;
    }

    /// <summary>The same for rows in bins; empty when every row weighs 1.</summary>
    public static double[] Of(BinnedPart rows, TrainingSpec spec, ClassLabels? classes)
    {
        double[] sums = SumsOfClasses(1, _ => rows.Labels, rows.Weights.Length == 0 ? null : _ => rows.Weights, classes?.Values.Length);
        if (Factors(sums, spec, classes) is not { } factors) return rows.Weights;
        double[] products = new double[rows.Labels.Length];
        for (int i = 0; i < products.Length; i++) products[i] = factors[(int)rows.Labels[i]] * (rows.Weights.Length == 0 ? 1 : rows.Weights[i]);
        return products;
    }

    // What the rows of each class are multiplied by; null where that is 1.
    private static double[]? Factors(double[] ofClass, TrainingSpec spec, ClassLabels? classes)
    {
        double total = ofClass.Sum();
        if (total == 0) throw TrainingErrors.NoWeight();
        if (!double.IsFinite(total)) throw TrainingErrors.NotFinite("the sum of the weights is not finite");
        if (classes is null) return null;
        int weighty = Array.FindIndex(ofClass, sum => sum > 0);
        if (ofClass.Count(sum => sum > 0) == 1) throw TrainingErrors.OneClass(spec.Label.Name, classes.Values[weighty]);

        // A class of no weight (its rows are elsewhere than in the training part) needs no factor.
        double[] factors = [.. ofClass.Select((sum, c) => spec.ClassWeighting.Balanced
            ? sum == 0 ? 1 : total / (ofClass.Length * sum)
            : spec.ClassWeighting.Weights.GetValueOrDefault(classes.Values[c], 1))];
        return Array.TrueForAll(factors, factor => factor == 1) ? null : factors;
    }

    // By class (one for a regression), the same in any order of the rows.
    private static double[] SumsOfClasses(int blocks, RankSearch<double>.BlockReader labels, RankSearch<double>.BlockReader? rowWeights, int? classes)
    {
        double[] largest = new double[classes ?? 1];
        if (rowWeights is null) Array.Fill(largest, 1);
        for (int block = 0; block < blocks && rowWeights is not null; block++)
        {
            ReadOnlySpan<double> values = labels(block), weights = rowWeights(block);
            for (int i = 0; i < values.Length; i++)
            {
                ref double most = ref largest[classes is null ? 0 : (int)values[i]];
                most = Math.Max(most, weights[i]);
            }
        }
        FixedPointSum[] sums = Array.ConvertAll(largest, most => new FixedPointSum(FixedPointSum.ScaleOf(most)));
        for (int block = 0; block < blocks; block++)
        {
            ReadOnlySpan<double> values = labels(block), weights = rowWeights is null ? [] : rowWeights(block);
            for (int i = 0; i < values.Length; i++) sums[classes is null ? 0 : (int)values[i]].Add(weights.IsEmpty ? 1 : weights[i]);
        }
        return Array.ConvertAll(sums, sum => sum.Value);
    }

    /// <summary>The sum of the weights and the weighted mean of the labels.</summary>
    public static (double Weight, double LabelMean) Totals(Design rows)
    {
        ExactSum weight = new(), sum = new();
        for (int block = 0; block < rows.Blocks; block++)
        {
            ReadOnlySpan<double> labels = rows.Labels(block), weights = rows.Weights(block);
            weight.Add(weights.IsEmpty ? labels.Length : VectorMath.Sum(weights));
            sum.Add(weights.IsEmpty ? VectorMath.Sum(labels) : VectorMath.Dot(labels, weights));
        }
        return (weight.Value, sum.Value / weight.Value);
    }

    /// <summary>All blocks in one array.</summary>
    public static double[] Flatten(ChunkedArray<double> blocks)
    {
        double[] flat = new double[blocks.Length];
        for (int block = 0; block < blocks.Blocks; block++) blocks.Block(block).CopyTo(flat.AsSpan(block * RowStore.BlockRows));
        return flat;
    }
}
