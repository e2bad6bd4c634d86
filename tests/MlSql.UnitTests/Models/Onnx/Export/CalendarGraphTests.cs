using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx.Export;

namespace MlSql.UnitTests.Models.Onnx.Export;

/// <summary>The graph takes times apart as <see cref="CalendarParts"/> does: one graph a part, whose score is the part.</summary>
internal sealed class CalendarGraphTests
{
    private static readonly long[] Days =
    [
        .. Enumerable.Range(0, 3_652_059 / 307).Select(i => -719_162L + 307 * i), -719_163, -719_162, 2_932_896, -1, 0, 1, 11_015, 11_016, 11_017, -25_509, -25_508,
        int.MinValue + 2L, int.MaxValue - 1L, -719_468, -719_469, -146_097, -146_098, 5_000_000, -5_000_000,
    ];

    private static readonly long[] Times = [.. MakeTimes()];
    private static readonly long[] NoDays = [long.MinValue, int.MaxValue, -int.MaxValue, int.MinValue, long.MaxValue, 1L << 40];
    private static readonly long[] NoTimes = [long.MinValue, long.MaxValue, -long.MaxValue];
    private Dictionary<string, PeerAnswer> _answers = [];

    [OneTimeSetUp]
    public void Run_all_graphs()
    {
        List<PeerJob> jobs = [];
        for (int part = 0; part < CalendarParts.Count; part++)
        {
            jobs.Add(Job($"date {part}", new DateFeature(), part, [.. Days, .. NoDays]));
            jobs.Add(Job($"instant {part}", new InstantFeature(), part, [.. Times, .. NoTimes]));
            jobs.Add(Job($"local time {part}", new LocalTimeFeature(), part, [.. Times, .. NoTimes]));
        }
        _answers = RuntimePeer.Run(jobs);
    }

    [Test]
    public void A_date_of_any_year_gives_its_parts([Range(0, CalendarParts.Count - 1)] int part)
    {
        double[] parts = new double[CalendarParts.Count];
        double[] expected = [.. Days.Select(day =>
        {
            CalendarParts.OfDays(day, parts);
            return parts[part];
        }), .. NoDays.Select(_ => 0.0)];
        Assert.That(Numbers($"date {part}"), Is.EqualTo(expected));
    }

    [Test]
    public void A_time_to_the_microsecond_gives_its_parts([Values("instant", "local time")] string kind, [Range(0, CalendarParts.Count - 1)] int part)
    {
        double[] parts = new double[CalendarParts.Count];
        double[] expected = [.. Times.Select(time =>
        {
            CalendarParts.OfMicroseconds(time, parts);
            return parts[part];
        }), .. NoTimes.Select(_ => 0.0)];
        Assert.That(Numbers($"{kind} {part}"), Is.EqualTo(expected));
    }

    private double[] Numbers(string name)
    {
        Assert.That(_answers[name].Fault, Is.Null);
        return _answers[name].Outputs.Single().Numbers;
    }

    private static IEnumerable<long> MakeTimes()
    {
        Random random = new(11);
        for (int i = 0; i < 5_000; i++) yield return random.NextInt64(-62_135_596_800_000_000, 253_402_300_800_000_000);
        foreach (long around in (long[])[0, CalendarParts.MicrosecondsPerDay, -CalendarParts.MicrosecondsPerDay, 3_600_000_000, -3_600_000_000, 951_782_400_000_000, -62_135_596_800_000_000])
            for (long i = -2; i <= 2; i++) yield return around + i;
        yield return 9_223_371_331_200_000_000;
        yield return -9_223_372_022_400_000_000;
        yield return long.MaxValue - 1;
    }

    private static PeerJob Job(string name, FeatureType feature, int part, long[] values)
    {
        // Mean 0 and scale 1 leave the part as it is; it is NaN for no time, which gives 0.
        double[] weights = new double[CalendarParts.Count];
        weights[part] = 1;
        var model = new Model(
            new([new("t", feature)], "y", ModelTask.Regression, null),
            [new CalendarFeaturizer(0, [], [0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1])],
            new LinearStructure([.. weights], 0, Link.Identity));
        return new(name, OnnxExport.Write(model).Bytes, new() { ["t"] = new("int64", [values.Length, 1], [.. values.Select(v => (object)v)]) });
    }
}
