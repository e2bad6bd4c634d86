using System.Numerics;
using MlSql.Models;
using MlSql.Training.Kernels;

namespace MlSql.Training.Rows;

/// <summary>Range, mean, deviation and exact lower median of a column of numbers, NaN for NULL.</summary>
/// <param name="name">The column's name.</param>
/// <param name="blocks">Blocks of the column.</param>
/// <param name="read">Gives the values of a block; they are used before the next one is read.</param>
/// <param name="cancel">Looked at once a block.</param>
internal sealed class NumberSummary<T>(string name, int blocks, RankSearch<T>.BlockReader read, CancellationToken cancel) where T : unmanaged, INumber<T>
{
    private const int MomentRows = 1_024;

    /// <summary>The statistics; <paramref name="known"/> are the moments of all rows where somebody took them before.</summary>
    public FeatureStatistics Of(Moments? known)
    {
        long all = 0;
        for (int block = 0; block < blocks; block++) all += read(block).Length;
        Moments moments = known ?? TakeMoments();
        long count = (long)moments.Weight, nulls = all - count;
        return count == 0
            ? new FeatureStatistics(name, null, null, null, null, null, null, nulls, null)
            : new FeatureStatistics(name, moments.Least, moments.Most, moments.Mean, LowerMedian(count), moments.Deviation, null, nulls, null);
    }

    private double LowerMedian(long count) => double.CreateTruncating(new RankSearch<T>(blocks, read, cancel).At((count - 1) / 2, count)) + 0.0; // -0 becomes 0

    private Moments TakeMoments()
    {
        Moments moments = new();
        double[] buffer = new double[MomentRows];
        for (int block = 0; block < blocks; block++)
        {
            cancel.ThrowIfCancellationRequested();
            ReadOnlySpan<T> values = read(block);
            for (int start = 0; start < values.Length; start += MomentRows)
            {
                int rows = Math.Min(MomentRows, values.Length - start);
                for (int i = 0; i < rows; i++) buffer[i] = double.CreateTruncating(values[start + i]);
                moments.Merge(Moments.Of(buffer.AsSpan(0, rows), []));
            }
        }
        return moments;
    }
}
