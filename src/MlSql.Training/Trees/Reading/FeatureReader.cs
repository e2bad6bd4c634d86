using MlSql.Models.Featurizers;
using MlSql.Training.Encoders;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees.Reading;

/// <summary>Reads the encoded columns of a feature from a store that holds one segment.</summary>
internal static class FeatureReader
{
    /// <summary>Columns of a tile: those that trees see and, for times, one that is told about only.</summary>
    public static int Columns(FeatureColumn feature) => feature.DenseColumns + (feature is TimeFeatureColumn ? 1 : 0);

    /// <summary>Which column of the tile tells about the feature's values; -1 for lists and texts.</summary>
    public static int Told(FeatureColumn feature) => feature switch
    {
        TimeFeatureColumn => feature.DenseColumns,
        ListFeatureColumn or TextFeatureColumn => -1,
        _ => 0,
    };

    /// <summary>Writes a part's rows to a tile, <see cref="RowStore.SegmentRows"/> slots a column, NaN for NULL.</summary>
    public static void Read(FeatureColumn feature, int part, int rows, Span<double> tile)
    {
        foreach (DenseSource source in DenseSource.Of(feature, part))
        {
            source.Read(0, 0, rows, tile, RowStore.SegmentRows);
            tile = tile[(source.Columns * RowStore.SegmentRows)..];
        }
        if (feature is TimeFeatureColumn times) ReadDays(times, times.Parts[part].Block(0), tile);
    }

    // Days since 1970-01-01.
    private static void ReadDays(TimeFeatureColumn times, ReadOnlySpan<long> values, Span<double> days)
    {
        double unitsPerDay = times.IsDate ? 1 : CalendarParts.MicrosecondsPerDay;
        for (int i = 0; i < values.Length; i++) days[i] = values[i] == TimeFeatureColumn.Null ? double.NaN : values[i] / unitsPerDay;
    }
}
