using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models.Featurizers;
using MlSql.Training.Kernels;

namespace MlSql.Training.Rows;

/// <summary>Dates in days and timestamps in microseconds since 1970-01-01, <see cref="Null"/> for NULL.</summary>
internal sealed class TimeFeatureColumn(FeatureLeaf leaf, MemoryBudget budget) : FeatureColumn(leaf)
{
    public const long Null = long.MinValue;

    private readonly long[] _segment = new long[RowStore.SegmentRows];
    private int _count;

    public ChunkedArray<long>[] Parts { get; private set; } = NewParts<long>(budget);

    public bool IsDate { get; } = leaf.Type is DateType;

    public override int DenseColumns => CalendarParts.Count;

    public override void Load(ColumnView view, List<ColumnView> parents, int start, int count)
    {
        _count = count;
        for (int i = 0; i < count; i++) _segment[i] = IsNull(view, parents, start + i) ? Null : Read(view, start + i);
    }

    public override void Hash(Span<ulong> hashes)
    {
        for (int i = 0; i < _count; i++) hashes[i] = RowHash.Mix(hashes[i], _segment[i] == Null ? RowHash.Null : (ulong)_segment[i]);
    }

    public override void Store(RowSelection selection) => selection.Append<long>(_segment.AsSpan(0, _count), Parts);

    public override void Clear() => ClearParts(Parts);

    public override FeatureColumn Another() => new TimeFeatureColumn(Leaf, budget);

    public override void Arrange(FeatureColumn[] all, IReadOnlyList<RowRun>[] runs) => Parts = ChunkedArray<long>.Arrange([.. all.Select(column => ((TimeFeatureColumn)column).Parts)], runs);

    /// <summary>Writes the calendar parts of a stored value; NaN for NULL.</summary>
    public void WriteParts(long value, Span<double> parts)
    {
        if (value == Null) parts.Fill(double.NaN);
        else if (IsDate) CalendarParts.OfDays(value, parts);
        else CalendarParts.OfMicroseconds(value, parts);
    }

    private long Read(ColumnView view, int row)
    {
        if (IsDate)
        {
            int days = view.Values<int>()[row];
            return days is int.MaxValue or -int.MaxValue ? throw TrainingErrors.InfiniteFeature(Leaf.Name) : days;
        }
        long units = view.Values<long>()[row];
        if (units is long.MaxValue or -long.MaxValue) throw TrainingErrors.InfiniteFeature(Leaf.Name);
        return ((TimestampType)view.Type).Unit switch
        {
            TimeUnit.Second => checked(units * 1_000_000),
            TimeUnit.Millisecond => checked(units * 1_000),
            TimeUnit.Microsecond => units,
            _ => units >= 0 ? units / 1_000 : (units - 999) / 1_000,
        };
    }
}
