using System.Collections.Immutable;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Rows;

/// <summary>What the training rows hold in each feature column, unweighted; one piece of work a column.</summary>
internal static class FeatureSummary
{
    /// <summary>The statistics, in the order of the columns. <paramref name="moments"/> are those of each dense encoded column where all rows weigh 1, else null.</summary>
    public static ImmutableArray<FeatureStatistics> Of(RowStore store, Moments[]? moments, BlockCrew crew, CancellationToken cancel)
    {
        var columns = store.Features;
        var statistics = new FeatureStatistics[columns.Count];
        int[] firsts = new int[columns.Count];
        for (int i = 1; i < firsts.Length; i++) firsts[i] = firsts[i - 1] + columns[i - 1].DenseColumns;
        crew.Run(columns.Count, i => statistics[i] = Of(columns[i], (int)RowPart.Train, columns[i].DenseColumns == 1 ? moments?[firsts[i]] : null, cancel), cancel);
        return [.. statistics];
    }

    private static FeatureStatistics Of(FeatureColumn column, int part, Moments? moments, CancellationToken cancel) => column switch
    {
        NumberFeatureColumn<float> c => new NumberSummary<float>(column.Leaf.Name, c.Parts[part].Blocks, block => c.Parts[part].Block(block), cancel).Of(moments),
        NumberFeatureColumn<double> c => new NumberSummary<double>(column.Leaf.Name, c.Parts[part].Blocks, block => c.Parts[part].Block(block), cancel).Of(moments),
        TimeFeatureColumn c => Times(c, part, cancel),
        TextFeatureColumn c => Texts(c, part),
        ListFeatureColumn c => new FeatureStatistics(column.Leaf.Name, null, null, null, null, null, null, c.Width > 0 ? Nulls(c.Positions[0][part]) : 0, Math.Max(0, c.Width)),
        _ => throw new System.Diagnostics.UnreachableException(column.GetType().Name),
    };

    // Days since 1970-01-01.
    private static FeatureStatistics Times(TimeFeatureColumn column, int part, CancellationToken cancel)
    {
        ChunkedArray<long> times = column.Parts[part];
        long unitsPerDay = column.IsDate ? 1 : CalendarParts.MicrosecondsPerDay;
        double[] buffer = new double[RowStore.BlockRows];
        return new NumberSummary<double>(column.Leaf.Name, times.Blocks, block =>
        {
            ReadOnlySpan<long> from = times.Block(block);
            for (int i = 0; i < from.Length; i++) buffer[i] = from[i] == TimeFeatureColumn.Null ? double.NaN : (double)from[i] / unitsPerDay;
            return buffer.AsSpan(0, from.Length);
        }, cancel).Of(null);
    }

    private static FeatureStatistics Texts(TextFeatureColumn column, int part)
    {
        long nulls = 0;
        bool[] seen = new bool[column.Dictionary.Count];
        var codes = column.Parts[part];
        for (int block = 0; block < codes.Blocks; block++)
        {
            foreach (int code in codes.Block(block))
            {
                if (code < 0) nulls++;
                else seen[code] = true;
            }
        }
        return new FeatureStatistics(column.Leaf.Name, null, null, null, null, null, seen.LongCount(s => s), nulls, null);
    }

    private static long Nulls(ChunkedArray<double> column)
    {
        long nulls = 0;
        for (int block = 0; block < column.Blocks; block++)
            foreach (double value in column.Block(block)) nulls += double.IsNaN(value) ? 1 : 0;
        return nulls;
    }
}
