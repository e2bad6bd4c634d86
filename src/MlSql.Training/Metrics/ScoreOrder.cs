namespace MlSql.Training.Metrics;

/// <summary>Sorts finite numbers ascending by a stable radix sort, 11 bits a pass.</summary>
internal static class ScoreOrder
{
    private const int Bits = 11;
    private const int Passes = 6;

    /// <summary>The indexes of the values in ascending order; equal values keep their order, -0 and 0 are equal.</summary>
    public static int[] Of(ReadOnlySpan<double> values)
    {
        ulong[] keys = new ulong[values.Length], otherKeys = new ulong[values.Length];
        int[] indexes = new int[values.Length], otherIndexes = new int[values.Length];
        int[,] counts = new int[Passes, 1 << Bits];
        for (int i = 0; i < values.Length; i++)
        {
            ulong bits = BitConverter.DoubleToUInt64Bits(values[i] + 0.0);
            ulong key = (bits >> 63) == 0 ? bits | 1UL << 63 : ~bits;
            keys[i] = key;
            indexes[i] = i;
            for (int pass = 0; pass < Passes; pass++) counts[pass, Digit(key, pass)]++;
        }
        for (int pass = 0; pass < Passes; pass++)
        {
            if (values.Length > 0 && counts[pass, Digit(keys[0], pass)] == values.Length) continue;
            int start = 0;
            for (int digit = 0; digit < 1 << Bits; digit++) (counts[pass, digit], start) = (start, start + counts[pass, digit]);
            for (int i = 0; i < keys.Length; i++)
            {
                int place = counts[pass, Digit(keys[i], pass)]++;
                otherKeys[place] = keys[i];
                otherIndexes[place] = indexes[i];
            }
            (keys, otherKeys) = (otherKeys, keys);
            (indexes, otherIndexes) = (otherIndexes, indexes);
        }
        return indexes;
    }

    private static int Digit(ulong key, int pass) => (int)(key >> (pass * Bits)) & ((1 << Bits) - 1);
}
