using System.Collections.Immutable;
using MlSql.Training.Kernels;
using MlSql.Training.Rows;

namespace MlSql.Training.Encoders;

/// <summary>One or more neighbouring dense encoded columns of one part, before standardisation; NaN for NULL.</summary>
internal abstract class DenseSource
{
    public abstract int Columns { get; }

    /// <summary>The columns of a part that a feature makes; none for texts.</summary>
    public static ImmutableArray<DenseSource> Of(FeatureColumn feature, int part) => feature switch
    {
        NumberFeatureColumn<float> single => [new SingleSource(single.Parts[part])],
        NumberFeatureColumn<double> number => [new DoubleSource(number.Parts[part])],
        TimeFeatureColumn time => [new CalendarSource(time, time.Parts[part])],
        ListFeatureColumn list => [.. list.Positions.Select(position => new DoubleSource(position[part]))],
        _ => [],
    };

    /// <summary>Writes rows of a block, column-major with <paramref name="stride"/> slots a column.</summary>
    public abstract void Read(int block, int start, int count, Span<double> into, int stride);

    /// <summary>Writes them minus their means times their inverse scales, 0 for NULL.</summary>
    public virtual void ReadStandardised(int block, int start, int count, Span<double> into, int stride, ReadOnlySpan<double> means, ReadOnlySpan<double> inverses)
    {
        Read(block, start, count, into, stride);
        for (int i = 0; i < Columns; i++) VectorMath.Standardise(into.Slice(i * stride, count), means[i], inverses[i]);
    }

    /// <summary>Adds the standardised columns times their factors. <paramref name="scratch"/> has room for <paramref name="count"/> rows of each.</summary>
    public virtual void AddStandardised(int block, int start, int count, Span<double> into, ReadOnlySpan<double> means, ReadOnlySpan<double> inverses, ReadOnlySpan<double> factors, Span<double> scratch)
    {
        ReadStandardised(block, start, count, scratch, count, means, inverses);
        for (int i = 0; i < Columns; i++) VectorMath.AddScaled(into[..count], scratch.Slice(i * count, count), factors[i]);
    }
}

internal sealed class SingleSource(ChunkedArray<float> values) : DenseSource
{
    public override int Columns => 1;

    public override void Read(int block, int start, int count, Span<double> into, int stride) => Widening.Widen(values.Block(block).Slice(start, count), into);

    public override void ReadStandardised(int block, int start, int count, Span<double> into, int stride, ReadOnlySpan<double> means, ReadOnlySpan<double> inverses) =>
        Widening.Standardise(values.Block(block).Slice(start, count), into, means[0], inverses[0]);

    public override void AddStandardised(int block, int start, int count, Span<double> into, ReadOnlySpan<double> means, ReadOnlySpan<double> inverses, ReadOnlySpan<double> factors, Span<double> scratch) =>
        Widening.AddStandardised(values.Block(block).Slice(start, count), into, means[0], inverses[0], factors[0]);
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
