using System.Collections.Immutable;

namespace MlSql.Models.Featurizers;

/// <summary>Takes a time apart into the six numbers that models see: proleptic Gregorian calendar, UTC for instants.</summary>
public static class CalendarParts
{
    /// <summary>How many parts there are.</summary>
    public const int Count = 6;

    /// <summary>Microseconds of a day.</summary>
    public const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>Names of the parts, in order.</summary>
    public static ImmutableArray<string> Names { get; } = ["year", "month", "day", "weekday", "hour", "days"];

    /// <summary>Writes the parts of a day: <paramref name="days"/> since 1970-01-01. <paramref name="parts"/> has <see cref="Count"/> slots.</summary>
    public static void OfDays(long days, Span<double> parts) => Write(days, 0, days, parts);

    /// <summary>Writes the parts of a time: <paramref name="microseconds"/> since 1970-01-01 00:00.</summary>
    public static void OfMicroseconds(long microseconds, Span<double> parts)
    {
        long days = Math.DivRem(microseconds, MicrosecondsPerDay, out long rest);
        if (rest < 0)
        {
            days--;
            rest += MicrosecondsPerDay;
        }
        Write(days, rest / 3_600_000_000, days + (double)rest / MicrosecondsPerDay, parts);
    }

    // Days to civil date by the era method: eras of 400 years, years that begin in March.
    private static void Write(long days, long hour, double number, Span<double> parts)
    {
        long shifted = days + 719_468;
        long era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097;
        long dayOfEra = shifted - era * 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long monthFromMarch = (5 * dayOfYear + 2) / 153;
        long month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long weekday = (days + 3) % 7;
        parts[0] = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        parts[1] = month;
        parts[2] = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        parts[3] = (weekday < 0 ? weekday + 7 : weekday) + 1;
        parts[4] = hour;
        parts[5] = number;
    }
}
