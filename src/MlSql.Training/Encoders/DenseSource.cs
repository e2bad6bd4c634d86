using MlSql.Training.Kernels;
using MlSql.Training.Rows;

namespace MlSql.Training.Encoders;

/// <summary>One or more neighbouring dense encoded columns of one part, before standardisation; NaN for NULL.</summary>
internal abstract class DenseSource
{
    public abstract int Columns { get; }

    /// <summary>Writes rows of a block, column-major with <paramref name="stride"/> slots a column.</summary>
    public abstract void Read(int block, int start, int count, Span<double> into, int stride);
}

internal sealed class SingleSource(ChunkedArray<float> values) : DenseSource
{
    public override int Columns => 1;

    public override void Read(int block, int start, int count, Span<double> into, int stride) => Widening.Widen(values.Block(block).Slice(start, count), into);
}

internal sealed class DoubleSource(ChunkedArray<double> values) : DenseSource
{
    public override int Columns => 1;

    public override void Read(int block, int start, int count, Span<double> into, int stride) => values.Block(block).Slice(start, count).CopyTo(into);
}

internal sealed class CalendarSource(TimeFeatureColumn column, ChunkedArray<long> values) : DenseSource
{
    public override int Columns => Models.Featurizers.CalendarParts.Count;

    public override void Read(int block, int start, int count, Span<double> into, int stride)
    {
        Span<double> parts = stackalloc double[Models.Featurizers.CalendarParts.Count];
        ReadOnlySpan<long> times = values.Block(block).Slice(start, count);
        for (int i = 0; i < times.Length; i++)
        {
            column.WriteParts(times[i], parts);
            for (int p = 0; p < parts.Length; p++) into[p * stride + i] = parts[p];
        }
    }
}
