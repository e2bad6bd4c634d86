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
}
