namespace MlSql.Scoring.Kernels;

/// <summary>
/// Cuts behind a table of <see cref="Count"/> buckets of equal width from the first cut to the last: a value's bucket says how many cuts lie in lower ones, and only the few of its own are compared with it.
/// Buckets never fall where values rise, whatever is rounded, so the rank is exact.
/// </summary>
internal sealed unsafe class CutBuckets
{
    /// <summary>Buckets of a table.</summary>
    public const int Count = 256;

    /// <summary>The most cuts in a bucket.</summary>
    public const int MaxCuts = 8;

    private readonly PinnedTable<byte> _starts = new(Count);
    private readonly PinnedTable<float> _cuts = new(CutTable.MaxCuts + MaxCuts);

    private CutBuckets(ReadOnlySpan<float> cuts)
    {
        (Low, Scale) = (cuts[0], Count / (cuts[^1] - cuts[0]));
        cuts.CopyTo(_cuts.Values);
        _cuts.Values[cuts.Length..].Fill(float.PositiveInfinity);
        int below = 0;
        for (int bucket = 0; bucket < Count; bucket++)
        {
            Starts[bucket] = (byte)below;
            int first = below;
            while (below < cuts.Length && BucketOf(cuts[below]) == bucket) below++;
            Most = Math.Max(Most, below - first);
        }
    }

    /// <summary>Null where the cuts lie too unevenly, or are not finite.</summary>
    public static CutBuckets? Of(ReadOnlySpan<float> cuts)
    {
        if (!float.IsFinite(cuts[0]) || !float.IsFinite(Count / (cuts[^1] - cuts[0])) || cuts[^1] - cuts[0] is not (> 0 and < float.PositiveInfinity)) return null;
        CutBuckets buckets = new(cuts);
        return buckets.Most <= MaxCuts ? buckets : null;
    }

    /// <summary>The first cut.</summary>
    public float Low { get; }

    /// <summary>Buckets in a unit.</summary>
    public float Scale { get; }

    /// <summary>For each bucket how many cuts lie in lower ones.</summary>
    public byte* Starts => _starts.At;

    /// <summary>The cuts, then +∞ as often as a bucket may have cuts.</summary>
    public float* Cuts => _cuts.At;

    private int Most { get; }

    // The operations of RankKernel.RankByBuckets.
    private int BucketOf(float cut) => (int)Math.Min(Math.Max((cut - Low) * Scale, 0), Count - 1);
}
