namespace MlSql.Training.Metrics;

/// <summary>A list of doubles that can be read as one piece of memory.</summary>
internal sealed class GrowingDoubles
{
    private double[] _values = [];

    public int Count { get; private set; }

    public ReadOnlyMemory<double> Values => _values.AsMemory(0, Count);

    /// <summary>Room for more values at the end, to be written by the caller.</summary>
    public Span<double> Grow(int count)
    {
        int needed = checked(Count + count);
        if (needed > _values.Length) Array.Resize(ref _values, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _values.Length)));
        Count = needed;
        return _values.AsSpan(needed - count, count);
    }

    /// <summary>The values, to be reordered.</summary>
    public Span<double> Span => _values.AsSpan(0, Count);

    /// <summary>Forgets all values from a place on.</summary>
    public void Shrink(int count) => Count = Math.Min(Count, count);

    /// <summary>Of the last values keeps those at these places, counted from the first of them, ascending.</summary>
    public void Keep(int last, ReadOnlySpan<int> places)
    {
        if (places.Length == last) return;
        Span<double> values = _values.AsSpan(Count - last, last);
        for (int i = 0; i < places.Length; i++) values[i] = values[places[i]];
        Count -= last - places.Length;
    }
}
