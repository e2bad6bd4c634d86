using System.Globalization;

namespace MlSql.SpecTests;

/// <summary>Every script of tests/spec, once on each engine.</summary>
[TestFixtureSource(typeof(SpecEngine), nameof(SpecEngine.All))]
public class SpecScriptTests(SpecEngine engine)
{
    private static string[] Files() => SpecFile.All();

    [TestCaseSource(nameof(Files))]
    public async Task Script(string name)
    {
        var file = SpecFile.Read(name);
        if (file.NeedsShared) TestData.Shared();
        await using var run = new SpecRun(engine, file);
        await run.RunAsync();
    }

    [Test]
    public void There_are_at_least_150_records_and_no_file_is_empty()
    {
        var files = Files().Select(name => (Name: name, SpecFile.Read(name).Records)).ToList();
        int records = files.Sum(f => f.Records.Count(r => r.RunsOn(engine.Name)));
        TestContext.Progress.WriteLine($"{records} records in {files.Count} spec scripts on {engine}");
        Assert.Multiple(() =>
        {
            Assert.That(records, Is.GreaterThanOrEqualTo(150));
            Assert.That(files.Where(f => f.Records.Count == 0).Select(f => f.Name), Is.Empty);
        });
    }
    [Test]
    public void At_least_95_percent_of_the_records_run()
    {
        var files = Files().Select(SpecFile.Read).ToList();
        int all = files.Sum(f => f.Records.Count(r => r.OnlyOn != engine.Name)), missing = files.Sum(f => f.Missing(engine.Name).Count());
        string share = ((all - missing) / (double)all).ToString("P1", CultureInfo.InvariantCulture);
        TestContext.Progress.WriteLine($"{all - missing} of {all} records run on {engine}: {share}");
        foreach (var reason in files.SelectMany(f => f.Missing(engine.Name)).GroupBy(r => r.Reason).OrderByDescending(g => g.Count())) TestContext.Progress.WriteLine($"  {reason.Count()} not: {reason.Key}");
        Assert.That(missing, Is.LessThanOrEqualTo(0.05 * all), share);
    }
}
