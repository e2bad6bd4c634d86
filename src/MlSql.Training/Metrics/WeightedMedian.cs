namespace MlSql.Training.Metrics;

/// <summary>
/// The first value whose weights from below pass half of all; where they meet the half exactly, the mean with the next value. For equal weights the usual median.
/// </summary>
internal static class WeightedMedian
{
    // Buckets by exponent and 6 bits of the fraction: one pass finds the bucket, and only that one is sorted.
    private const int Shift = 46;
    private const int Buckets = 1 << (63 - Shift);

    /// <summary>The median of numbers of at least 0; null when nothing weighs anything.</summary>
    public static double? Of(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double[] bucketWeights = new double[Buckets];
        for (int i = 0; i < values.Length; i++) bucketWeights[Bucket(values[i])] += weights.IsEmpty ? 1 : weights[i];
        ExactSum total = new();
        foreach (double weight in bucketWeights) total.Add(weight);
        double all = total.Value;
        if (!(all > 0)) return null;

        ExactSum below = new();
        int middle = 0;
        for (; 2 * (below.Value + bucketWeights[middle]) < all; middle++) below.Add(bucketWeights[middle]);
        GrowingDoubles insideValues = new(), insideWeights = new();
        double next = double.PositiveInfinity;
        for (int i = 0; i < values.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            int bucket = Bucket(values[i]);
            if (weight == 0 || bucket < middle) continue;
            if (bucket == middle)
            {
                insideValues.Grow(1)[0] = values[i];
                insideWeights.Grow(1)[0] = weight;
            }
            else
            {
                next = Math.Min(next, values[i]);
            }
        }
        double[] sorted = insideValues.Values.ToArray(), sortedWeights = insideWeights.Values.ToArray();
        Array.Sort(sorted, sortedWeights);
        for (int i = 0; i < sorted.Length; i++)
        {
            below.Add(sortedWeights[i]);
            if (2 * below.Value > all) return sorted[i];
            double following = i + 1 < sorted.Length ? sorted[i + 1] : next;
            if (2 * below.Value == all && following < double.PositiveInfinity) return (sorted[i] + following) / 2;
        }
        return sorted[^1];
    }

    private static int Bucket(double value) => (int)(BitConverter.DoubleToInt64Bits(Math.Abs(value)) >> Shift);
}
