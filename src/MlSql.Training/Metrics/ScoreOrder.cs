namespace MlSql.Training.Metrics;

/// <summary>Sorts finite numbers, or whole numbers of 64 bits, ascending by a stable radix sort, 11 bits a pass; each carries an int along.</summary>
internal static class ScoreOrder
{
    private const int Bits = 11;
    private const int Passes = 6;
    private const int Buckets = 1 << Bits;

    /// <summary>The sorted keys (equal for equal numbers, -0 and 0 too) and what each carried. <paramref name="carried"/> is spoilt.</summary>
    public static (ulong[] Keys, int[] Carried) Sort(ReadOnlySpan<double> values, int[] carried)
    {
        ulong[] keys = new ulong[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            ulong bits = BitConverter.DoubleToUInt64Bits(values[i] + 0.0);
            keys[i] = (bits >> 63) == 0 ? bits | 1UL << 63 : ~bits;
        }
        return Sort(keys, carried);
    }

    /// <summary>The sorted keys and what each carried. Both arrays are spoilt.</summary>
    public static (ulong[] Keys, int[] Carried) Sort(ulong[] keys, int[] carried)
    {
        ulong[] otherKeys = new ulong[keys.Length];
        int[] otherCarried = new int[keys.Length];
        int[] counts = new int[Passes * Buckets];
        foreach (ulong key in keys)
            for (int pass = 0; pass < Passes; pass++) counts[pass * Buckets + Digit(key, pass)]++;
        for (int pass = 0; pass < Passes; pass++)
        {
            Span<int> places = counts.AsSpan(pass * Buckets, Buckets);
            if (keys.Length == 0 || places[Digit(keys[0], pass)] == keys.Length) continue;
            int start = 0;
            foreach (ref int place in places) (place, start) = (start, start + place);
            for (int i = 0; i < keys.Length; i++)
            {
                int place = places[Digit(keys[i], pass)]++;
                otherKeys[place] = keys[i];
                otherCarried[place] = carried[i];
            }
            (keys, otherKeys) = (otherKeys, keys);
            (carried, otherCarried) = (otherCarried, carried);
        }
        return (keys, carried);
    }

    private static int Digit(ulong key, int pass) => (int)(key >> (pass * Bits)) & (Buckets - 1);
}
