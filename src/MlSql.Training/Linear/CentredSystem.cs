using MlSql.Models;
using MlSql.Training.Encoders;

namespace MlSql.Training.Linear;

/// <summary>Normal equations with the intercept eliminated: products of columns around their means under the sums' weights.</summary>
internal static class CentredSystem
{
    /// <summary>(Σ w·(x - x̄)(x - x̄)ᵀ) / weight + l2·I, row-major, and the means x̄.</summary>
    public static (double[] Matrix, double[] Means) Of(GramSums sums, DesignShape shape, double weight, double l2)
    {
        int n = shape.Columns, ones = shape.Columns;
        double total = sums[ones, ones];
        double[] means = new double[n];
        for (int i = 0; i < n; i++) means[i] = total > 0 ? sums[i, ones] / total : 0;
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
            {
                double value = (sums[i, j] - sums[i, ones] * means[j]) / weight;
                matrix[i * n + j] = matrix[j * n + i] = i == j ? value + l2 : value;
            }
        return (matrix, means);
    }

    /// <summary>Puts weights of the design's order into the model's.</summary>
    public static LinearStructure ToStructure(DesignShape shape, ReadOnlySpan<double> weights, double intercept, Link link)
    {
        double[] encoded = new double[weights.Length];
        for (int i = 0; i < weights.Length; i++) encoded[shape.EncodedIndex[i]] = weights[i] + 0.0;
        return new([.. encoded], intercept, link);
    }
}
