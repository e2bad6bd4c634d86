using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models.Featurizers;

namespace MlSql.Scoring.Featurizers;

/// <summary>Takes one date or time apart.</summary>
internal static class CalendarValue
{
    /// <summary>Writes the parts of a row's value; false for the infinite times, which have none.</summary>
    public static bool TryRead(ColumnView column, int row, Span<double> parts)
    {
        switch (column.Type)
        {
            case DateType:
                int day = column.Values<int>()[row];
                if (day is int.MaxValue or -int.MaxValue or int.MinValue) return false;
                CalendarParts.OfDays(day, parts);
                return true;
            case TimestampType { Unit: var unit }:
                long time = column.Values<long>()[row];
                if (time is long.MaxValue or -long.MaxValue or long.MinValue) return false;
                CalendarParts.OfMicroseconds(Microseconds(time, unit), parts);
                return true;
            default:
                throw new UnreachableException(column.Type.ToString());
        }
    }

    // Beyond what 64 bits hold the ends of the range stand for it: no calendar goes there.
    private static long Microseconds(long time, TimeUnit unit) => unit switch
    {
        TimeUnit.Second => Scaled(time, 1_000_000),
        TimeUnit.Millisecond => Scaled(time, 1_000),
        TimeUnit.Microsecond => time,
        _ => time >= 0 ? time / 1_000 : (time - 999) / 1_000,
    };

    private static long Scaled(long time, long factor) => (long)Int128.Clamp((Int128)time * factor, long.MinValue + 2, long.MaxValue - 2);
}
