using MlSql.Training.Kernels;

namespace MlSql.Training.Trees.Reading;

/// <summary>What one thread saw of a feature in the training rows.</summary>
internal sealed class FeatureTally
{
    private Moments _range = new();
    private long[] _levels = [];

    /// <summary>Number and range of the values, of numbers and times.</summary>
    public Moments Range => _range;

    public long Nulls { get; private set; }

    /// <summary>Whether some value was there, be it within a list.</summary>
    public bool HasValue { get; private set; }

    /// <summary>Rows of each level by its code, of texts.</summary>
    public ReadOnlySpan<long> Levels => _levels;

    /// <summary>Looks at the values of a column of numbers or times.</summary>
    public void Look(ReadOnlySpan<double> values)
    {
        Moments range = Moments.Of(values, []);
        HasValue |= !range.IsEmpty;
        Nulls += values.Length - (range.IsEmpty ? 0 : (long)range.Weight);
        _range.Merge(range);
    }

    /// <summary>Looks at the positions of lists, <paramref name="stride"/> slots each; without any position all lists are NULL.</summary>
    public void LookAtLists(ReadOnlySpan<double> tile, int positions, int stride, int rows)
    {
        for (int position = 0; position < positions && !HasValue; position++)
            foreach (double value in tile.Slice(position * stride, rows)) HasValue |= !double.IsNaN(value);
        for (int i = 0; i < rows && positions > 0; i++) Nulls += double.IsNaN(tile[i]) ? 1 : 0;
        if (positions == 0) Nulls += rows;
    }

    /// <summary>Looks at codes of texts, -1 for NULL, of which there are so many by now.</summary>
    public void Look(ReadOnlySpan<int> codes, int levels)
    {
        if (levels > _levels.Length) Array.Resize(ref _levels, Math.Max(levels, 2 * _levels.Length));
        foreach (int code in codes)
        {
            if (code < 0) Nulls++;
            else _levels[code]++;
        }
        HasValue |= levels > 0;
    }

    /// <summary>Takes what another thread saw; its codes of texts are <paramref name="codes"/> here, of <paramref name="levels"/>.</summary>
    public void Merge(FeatureTally other, ReadOnlySpan<int> codes, int levels)
    {
        _range.Merge(other._range);
        Nulls += other.Nulls;
        HasValue |= other.HasValue;
        Array.Resize(ref _levels, levels);
        for (int code = 0; code < codes.Length && code < other._levels.Length; code++) _levels[codes[code]] += other._levels[code];
    }
}
