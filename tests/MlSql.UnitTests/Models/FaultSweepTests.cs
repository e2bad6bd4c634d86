using MlSql.Columnar;
using MlSql.Models.Store;
using MlSql.UnitTests.Models.Simulation;

namespace MlSql.UnitTests.Models;

[TestFixture]
internal sealed class FaultSweepTests
{
    private readonly SteppedTime _time = new();

    [Test]
    public void Any_call_may_fail_in_any_step([Values] Fault fault, [Values] bool forEver)
    {
        int runs = 0;
        for (int step = 0; step < StoreScript.Steps.Count; step++)
        {
            ModelStore done = NewStore(new SimulatedFileSystem(_time));
            foreach ((_, Action<ModelStore> run) in StoreScript.Steps.Take(step + 1)) run(done);
            for (int call = 1; FailsIn(step, done, fault, call, forEver); call++) runs++;
        }
        TestContext.Out.WriteLine($"{runs} runs with a fault");
        Assert.That(runs, Is.GreaterThan(StoreScript.Steps.Count));
    }

    // Runs a step with one fault; false when the step has fewer calls than that.
    private bool FailsIn(int step, ModelStore done, Fault fault, int call, bool forEver)
    {
        (string name, Action<ModelStore> run) = StoreScript.Steps[step];
        SimulatedFileSystem disk = new(_time);
        ModelStore sound = NewStore(disk);
        foreach ((_, Action<ModelStore> earlier) in StoreScript.Steps.Take(step)) earlier(sound);
        _time.Advance(TimeSpan.FromHours(2));
        string before = StoreScript.Describe(sound);

        FaultyFileSystem faulty = new(disk, fault, call, forEver);
        ModelStore store = NewStore(faulty);
        CodedException? error = null;
        try
        {
            run(store);
        }
        catch (CodedException expected)
        {
            error = expected;
        }
        if (!faulty.HasFailed)
        {
            Assert.That(error, Is.Null, name);
            return false;
        }
        faulty.Healed = true;
        string where = $"{name}, {fault} in call {call} ({faulty.FailedCall}){(forEver ? " and all after" : "")}";
        string found = StoreScript.Describe(store);
        string after = StoreScript.Describe(done);
        if (error is null) Assert.That(found, Is.EqualTo(after), $"{where}: returned without having done it");
        else
        {
            Assert.That(error.Code, Is.EqualTo(CodeOf(fault)), where);
            Assert.That(found, Is.EqualTo(before).Or.EqualTo(after), where);
        }
        if (!forEver && faulty.FailedCall != "delete") Assert.That(disk.AllFiles().Where(IsTemporary), Is.Empty, where);
        if (found == before && before != after)
        {
            run(store);
            Assert.That(StoreScript.DescribeContent(store), Is.EqualTo(StoreScript.DescribeContent(done)), $"{where}: again");
        }
        StoredVersion saved = store.Save("after the fault", SampleModels.Linear(99), SampleModels.Details, makeDefault: true, default);
        Assert.That(saved.Version, Is.EqualTo(1), where);
        Assert.That(NewStore(disk).Load(saved), Is.EqualTo(SampleModels.Linear(99)), where);
        return true;
    }

    private ModelStore NewStore(IFileSystem files) => ModelStore.Open(StoreScript.Folder, files, _time);

    private static string CodeOf(Fault fault) => fault switch
    {
        Fault.DiskFull => "MLS5020",
        Fault.NoPermission => "MLS5021",
        _ => "MLS5024",
    };

    private static bool IsTemporary(string path) => path.Contains($"{Path.DirectorySeparatorChar}tmp{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
}
