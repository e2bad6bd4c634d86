using MlSql.Cli.Output;

namespace MlSql.CliTests;

public class CalendarTests
{
    [TestCase(0, "1970-01-01")]
    [TestCase(-719_162, "0001-01-01")]
    [TestCase(-719_163, "0001-12-31 (BC)")]
    [TestCase(-719_528, "0001-01-01 (BC)")]
    [TestCase(-735_600, "0046-12-31 (BC)")]
    [TestCase(2_932_896, "9999-12-31")]
    [TestCase(2_932_897, "10000-01-01")]
    [TestCase(int.MaxValue, "infinity")]
    [TestCase(-int.MaxValue, "-infinity")]
    public void Dates_are_printed_over_the_whole_range(int days, string text)
    {
        Utf8Buffer into = new();
        Calendar.AppendDate(into, days);
        Assert.That(into.ToString(), Is.EqualTo(text));
    }

    [Test]
    public void Every_day_from_1_to_9999_is_the_one_of_the_Gregorian_calendar()
    {
        Utf8Buffer into = new();
        for (DateOnly day = DateOnly.MinValue; day < DateOnly.MaxValue.AddDays(-7); day = day.AddDays(7))
        {
            into.Clear();
            Calendar.AppendDate(into, day.DayNumber - new DateOnly(1970, 1, 1).DayNumber);
            Assert.That(into.ToString(), Is.EqualTo(day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    [TestCase(long.MaxValue, "infinity")]
    [TestCase(-long.MaxValue, "-infinity")]
    [TestCase(-62_135_596_800_000_000 - 1, "0001-12-31 23:59:59.999999 (BC)")]
    public void Timestamps_have_their_ends(long micros, string text)
    {
        Utf8Buffer into = new();
        Calendar.AppendTimestamp(into, micros, 1_000_000, (byte)' ', default);
        Assert.That(into.ToString(), Is.EqualTo(text));
    }

    [TestCase(0, 0, 0, "00:00:00")]
    [TestCase(-14, 0, 0, "-1 year -2 months")]
    [TestCase(0, 2, -3_600_000_000, "2 days -01:00:00")]
    [TestCase(0, 0, 360_000_500_000, "100:00:00.5")]
    [TestCase(12, 1, 1, "1 year 1 day 00:00:00.000001")]
    public void Intervals_are_printed_as_the_engine_does(int months, int days, long micros, string text)
    {
        Utf8Buffer into = new();
        Calendar.AppendInterval(into, months, days, micros);
        Assert.That(into.ToString(), Is.EqualTo(text));
    }
}
