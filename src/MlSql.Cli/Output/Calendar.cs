namespace MlSql.Cli.Output;

/// <summary>Prints dates, times, timestamps and intervals the way DuckDB does, over its whole range of years.</summary>
internal static class Calendar
{
    private const long MicrosPerSecond = 1_000_000;
    private const int SecondsPerDay = 86_400;

    /// <summary>Days since 1970-01-01 as yyyy-mm-dd, " (BC)" behind years before 1.</summary>
    public static void AppendDate(Utf8Buffer into, int days)
    {
        if (AppendInfinity(into, days == int.MaxValue, days == -int.MaxValue)) return;
        bool beforeChrist = AppendDay(into, days);
        if (beforeChrist) into.Append(" (BC)"u8);
    }

    /// <summary>Units since 1970-01-01 00:00; <paramref name="separator"/> stands between date and time, <paramref name="zone"/> behind the time.</summary>
    public static void AppendTimestamp(Utf8Buffer into, long value, long unitsPerSecond, byte separator, ReadOnlySpan<byte> zone)
    {
        if (AppendInfinity(into, value == long.MaxValue, value == -long.MaxValue)) return;
        long unitsPerDay = unitsPerSecond * SecondsPerDay;
        long days = FloorDivide(value, unitsPerDay);
        bool beforeChrist = AppendDay(into, days);
        into.Append(separator);
        AppendTime(into, value - days * unitsPerDay, unitsPerSecond);
        into.Append(zone);
        if (beforeChrist) into.Append(" (BC)"u8);
    }

    /// <summary>Units since midnight as hh:mm:ss, with as many decimals as are not zero.</summary>
    public static void AppendTime(Utf8Buffer into, long value, long unitsPerSecond)
    {
        long seconds = value / unitsPerSecond;
        long fraction = value % unitsPerSecond;
        into.AppendNumber(seconds / 3600, "00");
        into.Append((byte)':');
        into.AppendNumber(seconds / 60 % 60, "00");
        into.Append((byte)':');
        into.AppendNumber(seconds % 60, "00");
        if (fraction == 0) return;
        into.Append((byte)'.');
        for (long unit = unitsPerSecond / 10; fraction > 0; unit /= 10)
        {
            into.Append((byte)('0' + fraction / unit));
            fraction %= unit;
        }
    }

    /// <summary>DuckDB's packed time of day: microseconds in the upper 40 bits, below them how far the offset lies under +15:59:59, in seconds.</summary>
    public static void AppendOffsetTime(Utf8Buffer into, long packed)
    {
        const int LargestOffset = 16 * 3600 - 1;
        AppendTime(into, (long)((ulong)packed >> 24), MicrosPerSecond);
        int offset = LargestOffset - (int)(packed & 0xFF_FFFF);
        into.Append(offset < 0 ? (byte)'-' : (byte)'+');
        offset = Math.Abs(offset);
        into.AppendNumber(offset / 3600, "00");
        if (offset % 3600 == 0) return;
        into.Append((byte)':');
        into.AppendNumber(offset / 60 % 60, "00");
        if (offset % 60 == 0) return;
        into.Append((byte)':');
        into.AppendNumber(offset % 60, "00");
    }

    /// <summary>As "1 year 2 months 3 days 04:05:06.7"; nothing at all is 00:00:00.</summary>
    public static void AppendInterval(Utf8Buffer into, int months, int days, long micros)
    {
        int start = into.Length;
        AppendPart(into, start, months / 12, " year"u8);
        AppendPart(into, start, months % 12, " month"u8);
        AppendPart(into, start, days, " day"u8);
        if (micros == 0 && into.Length > start) return;
        if (into.Length > start) into.Append((byte)' ');
        if (micros < 0) into.Append((byte)'-');
        UInt128 size = (UInt128)Int128.Abs(micros);
        AppendTime(into, (long)UInt128.Min(size, long.MaxValue), MicrosPerSecond);
    }

    private static void AppendPart(Utf8Buffer into, int start, int amount, ReadOnlySpan<byte> unit)
    {
        if (amount == 0) return;
        if (into.Length > start) into.Append((byte)' ');
        into.AppendNumber(amount);
        into.Append(unit);
        if (amount is not (1 or -1)) into.Append((byte)'s');
    }

    private static bool AppendInfinity(Utf8Buffer into, bool positive, bool negative)
    {
        if (negative) into.Append("-infinity"u8);
        else if (positive) into.Append("infinity"u8);
        return positive || negative;
    }

    // The Gregorian calendar repeats every 146,097 days (400 years); counted from 1 March, the leap day is a year's last.
    private static bool AppendDay(Utf8Buffer into, long days)
    {
        long sinceMarchYear0 = days + 719_468;
        long cycle = FloorDivide(sinceMarchYear0, 146_097);
        long day = sinceMarchYear0 - cycle * 146_097;
        long yearOfCycle = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        long dayOfYear = day - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100);
        long monthFromMarch = (5 * dayOfYear + 2) / 153;
        long dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        long month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0);
        bool beforeChrist = year <= 0;
        into.AppendNumber(beforeChrist ? 1 - year : year, "0000");
        into.Append((byte)'-');
        into.AppendNumber(month, "00");
        into.Append((byte)'-');
        into.AppendNumber(dayOfMonth, "00");
        return beforeChrist;
    }

    private static long FloorDivide(long value, long by) => value / by - (value % by < 0 ? 1 : 0);
}
