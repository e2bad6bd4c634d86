using System.Runtime.InteropServices;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Training.Kernels;

namespace MlSql.Training.Rows;

/// <summary>Numbers and booleans, NaN for NULL; kept as FLOAT where that is exact (FLOAT, BOOLEAN, integers of 16 bits), else as DOUBLE.</summary>
internal sealed class NumberFeatureColumn<T>(FeatureLeaf leaf, MemoryBudget budget) : FeatureColumn(leaf) where T : unmanaged
{
    private readonly T[] _segment = new T[RowStore.SegmentRows];
    private ColumnView? _borrowed;
    private int _start;
    private int _count;

    public ChunkedArray<T>[] Parts { get; private set; } = NewParts<T>(budget);

    public override void Load(ColumnView view, List<ColumnView> parents, int start, int count)
    {
        (_count, _start) = (count, start);
        // A FLOAT column without NULLs is used where it lies.
        _borrowed = typeof(T) == typeof(float) && parents.Count == 0 && view.AllValid && view.Type is FloatType { Bits: 32 } ? view : null;
        if (_segment is double[] doubles) ReadDoubles(view, parents, start, doubles.AsSpan(0, count));
        else if (_borrowed is not null) return;
        else ReadSingles(view, parents, start, ((float[])(object)_segment).AsSpan(0, count));
    }

    public override void Hash(Span<ulong> hashes)
    {
        bool infinite = _segment is double[] doubles ? RowHash.MixNumbers(doubles.AsSpan(0, _count), hashes) : RowHash.MixNumbers(MemoryMarshal.Cast<T, float>(Segment), hashes);
        if (infinite) throw TrainingErrors.InfiniteFeature(Leaf.Name);
    }

    public override void Store(RowSelection selection) => selection.Append(Segment, Parts);

    public override void Clear() => ClearParts(Parts);

    public override FeatureColumn Another() => new NumberFeatureColumn<T>(Leaf, budget);

    public override void Arrange(FeatureColumn[] all, IReadOnlyList<RowRun>[] runs) => Parts = ChunkedArray<T>.Arrange([.. all.Select(column => ((NumberFeatureColumn<T>)column).Parts)], runs);

    private ReadOnlySpan<T> Segment => _borrowed is null ? _segment.AsSpan(0, _count) : _borrowed.Values<T>().Slice(_start, _count);

    private static void ReadDoubles(ColumnView view, List<ColumnView> parents, int start, Span<double> values)
    {
        NumberReader.Read(view, start, values);
        if (parents.Count == 0) return;
        for (int i = 0; i < values.Length; i++)
            if (IsNull(view, parents, start + i)) values[i] = double.NaN;
    }

    private static void ReadSingles(ColumnView view, List<ColumnView> parents, int start, Span<float> values)
    {
        Span<double> wide = stackalloc double[RowStore.SegmentRows];
        ReadDoubles(view, parents, start, wide[..values.Length]);
        Widening.Narrow(wide[..values.Length], values);
    }
}
