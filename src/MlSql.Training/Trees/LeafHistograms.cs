using MlSql.Training.Kernels;

namespace MlSql.Training.Trees;

/// <summary>A leaf's sums of packed gradients and hessians: 256 cells a column, one a bin.</summary>
internal sealed class LeafHistogram(int cells)
{
    public long[] Gradients { get; } = new long[cells];

    public long[] Hessians { get; } = new long[cells];

    public void Clear()
    {
        Array.Clear(Gradients);
        Array.Clear(Hessians);
    }

    public void Subtract(LeafHistogram other, Range cells)
    {
        HistogramKernel.Subtract(Gradients.AsSpan(cells), other.Gradients.AsSpan(cells));
        HistogramKernel.Subtract(Hessians.AsSpan(cells), other.Hessians.AsSpan(cells));
    }
}

/// <summary>Histograms to be used again, of leaves that threads divide side by side.</summary>
internal sealed class LeafHistograms(int cells)
{
    // Sums that are kept for leaves that may be divided yet; a leaf whose sums were given up has both sides summed up.
    private const long KeptBytes = 256L << 20;

    private readonly Lock _gate = new();
    private readonly Stack<LeafHistogram> _free = new();
    private int _used;

    /// <summary>Whether more are in use than should be kept.</summary>
    public bool TooMany
    {
        get
        {
            lock (_gate) return _used * (long)cells * 2 * sizeof(long) > KeptBytes;
        }
    }

    /// <summary>One of zeros.</summary>
    public LeafHistogram Take()
    {
        LeafHistogram? histogram;
        lock (_gate)
        {
            _used++;
            _free.TryPop(out histogram);
        }
        if (histogram is null) return new(cells);
        histogram.Clear();
        return histogram;
    }

    /// <summary>Takes back what a leaf holds.</summary>
    public void Give(GrowingLeaf leaf)
    {
        if (leaf.Histogram is not { } histogram) return;
        leaf.Histogram = null;
        lock (_gate)
        {
            _used--;
            _free.Push(histogram);
        }
    }
}
