using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Training.Kernels;

namespace MlSql.Training.Rows;

/// <summary>Numbers and booleans, NaN for NULL; kept as FLOAT where that is exact (FLOAT, BOOLEAN, integers of 16 bits), else as DOUBLE.</summary>
internal sealed class NumberFeatureColumn<T>(FeatureLeaf leaf, MemoryBudget budget) : FeatureColumn(leaf) where T : unmanaged
{
    private readonly T[] _segment = new T[RowStore.SegmentRows];
    private int _count;

    public ChunkedArray<T>[] Parts { get; } = NewParts<T>(budget);

    public override void Load(ColumnView view, List<ColumnView> parents, int start, int count)
    {
        _count = count;
        if (_segment is double[] doubles) ReadDoubles(view, parents, start, doubles.AsSpan(0, count));
        else if (parents.Count == 0 && view.AllValid && view.Type is FloatType { Bits: 32 }) view.Values<T>().Slice(start, count).CopyTo(_segment);
        else ReadSingles(view, parents, start, ((float[])(object)_segment).AsSpan(0, count));
    }

    public override void Hash(Span<ulong> hashes)
    {
        bool infinite = _segment is double[] doubles ? RowHash.MixNumbers(doubles.AsSpan(0, _count), hashes) : RowHash.MixNumbers(((float[])(object)_segment).AsSpan(0, _count), hashes);
        if (infinite) throw TrainingErrors.InfiniteFeature(Leaf.Name);
    }

    public override void Store(RowSelection selection) => selection.Append<T>(_segment.AsSpan(0, _count), Parts);

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
