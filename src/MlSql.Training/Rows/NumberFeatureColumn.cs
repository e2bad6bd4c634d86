using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Training.Kernels;

namespace MlSql.Training.Rows;

/// <summary>Numbers and booleans, NaN for NULL; kept as FLOAT where that is exact (FLOAT, BOOLEAN, integers of 16 bits), else as DOUBLE.</summary>
internal sealed class NumberFeatureColumn<T>(FeatureLeaf leaf, MemoryBudget budget) : FeatureColumn(leaf) where T : unmanaged
{
    private readonly double[] _segment = new double[RowStore.SegmentRows];
    private readonly T[] _narrow = new T[RowStore.SegmentRows];
    private readonly T[] _scratch = new T[RowStore.SegmentRows];
    private int _count;

    public ChunkedArray<T>[] Parts { get; } = NewParts<T>(budget);

    public override void Load(ColumnView view, List<ColumnView> parents, int start, int count)
    {
        _count = count;
        Span<double> values = _segment.AsSpan(0, count);
        if (view.AllValid && view.Type is FloatType { Bits: 32 }) Widening.Widen(view.Values<float>().Slice(start, count), values);
        else NumberReader.Read(view, start, values);
        if (parents.Count == 0) return;
        for (int i = 0; i < count; i++)
            if (IsNull(view, parents, start + i)) values[i] = double.NaN;
    }

    public override void Hash(Span<ulong> hashes)
    {
        if (RowHash.MixNumbers(_segment.AsSpan(0, _count), hashes)) throw TrainingErrors.InfiniteFeature(Leaf.Name);
    }

    public override void Store(RowSelection selection)
    {
        if (typeof(T) == typeof(double))
        {
            selection.Append(_segment.AsSpan(0, _count), (ChunkedArray<double>[])(object)Parts, (double[])(object)_scratch);
            return;
        }
        Widening.Narrow(_segment.AsSpan(0, _count), (float[])(object)_narrow);
        selection.Append(_narrow.AsSpan(0, _count), Parts, _scratch);
    }
}
