using System.Runtime.Versioning;
using MlSql.Columnar;
using MlSql.Models.Store;

namespace MlSql.UnitTests.Models;

/// <summary>The store on the machine's file system: rights, odd folders, and many at once.</summary>
[TestFixture]
internal sealed class PhysicalStoreTests
{
    private const int Writers = 6;
    private const int SavesEach = 5;
    private string _folder = "";

    private ModelStore Store => ModelStore.Open(_folder, new PhysicalFileSystem(), TimeProvider.System);

    [SetUp]
    public void MakeFolder() => _folder = Path.Combine(Path.GetTempPath(), "mlsql-store-" + Guid.NewGuid().ToString("n"));

    [TearDown]
    public void DeleteFolder()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        else File.Delete(_folder);
    }

    [Test, Platform(Exclude = "Win", Reason = "Windows has no such modes."), UnsupportedOSPlatform("windows")]
    public void Only_the_owner_can_read_the_store()
    {
        Save("m", 1);
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        foreach (string file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)) Assert.That(File.GetUnixFileMode(file), Is.EqualTo(Owner), file);
        foreach (string folder in Directory.EnumerateDirectories(_folder, "*", SearchOption.AllDirectories).Prepend(_folder))
            Assert.That(File.GetUnixFileMode(folder), Is.EqualTo(Owner | UnixFileMode.UserExecute), folder);
    }

    [Test]
    public void A_file_in_the_folders_place_is_named()
    {
        File.WriteAllText(_folder, "x");
        foreach (TestDelegate use in new TestDelegate[] { () => Store.Snapshot(default), () => Save("m", 1) })
        {
            CodedException error = Assert.Throws<CodedException>(use)!;
            Assert.That(error.Code, Is.EqualTo("MLS5022"));
            Assert.That(error.Message, Does.Contain(_folder));
        }
    }

    [Test, Platform(Exclude = "Win", Reason = "Windows has no such modes."), UnsupportedOSPlatform("windows")]
    public void A_store_that_cannot_be_written_can_be_read()
    {
        if (Environment.IsPrivilegedProcess) Assert.Ignore("Modes do not bind this user.");
        StoredVersion saved = Save("m", 1);
        File.SetUnixFileMode(Path.Combine(_folder, "tmp"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.That(Store.Load(Store.Snapshot(default).Resolve("m")!), Is.EqualTo(SampleModels.Linear(1)));
            Assert.That(() => Save("m", 2), Throws.InstanceOf<CodedException>().With.Property("Code").EqualTo("MLS5021"));
            Assert.That(Store.Snapshot(default).Resolve("m")!.ContentHash, Is.EqualTo(saved.ContentHash));
        }
        finally
        {
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.SetUnixFileMode(Path.Combine(_folder, "tmp"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Test]
    public void Many_writers_of_one_name_get_consecutive_versions_while_readers_see_whole_ones()
    {
        using CancellationTokenSource done = new();
        int seen = 0;
        Task reader = Task.Run(() =>
        {
            ModelStore store = Store;
            while (!done.IsCancellationRequested)
            {
                StoreSnapshot snapshot = store.Snapshot(default);
                Assert.That(snapshot.Problems, Is.Empty);
                if (snapshot.Resolve("m") is not { } version) continue;
                Assert.That(snapshot.Find("m")!.Versions.Select(v => v.Version), Is.EqualTo(Enumerable.Range(1, snapshot.Find("m")!.Versions.Length)));
                Assert.That(Store.Load(version), Is.Not.Null);
                seen++;
            }
        });
        StoredVersion[][] saved = [.. Enumerable.Range(0, Writers).AsParallel().WithDegreeOfParallelism(Writers).Select(writer =>
        {
            ModelStore store = Store;
            return Enumerable.Range(0, SavesEach).Select(i => store.Save("m", SampleModels.Linear(writer * 100 + i), SampleModels.Details, true, default)).ToArray();
        })];
        done.Cancel();
        reader.Wait();
        Assert.That(saved.SelectMany(versions => versions).Select(version => version.Version).Order(), Is.EqualTo(Enumerable.Range(1, Writers * SavesEach)));
        StoreSnapshot last = Store.Snapshot(default);
        foreach (StoredVersion version in saved.SelectMany(versions => versions))
        {
            Assert.That(last.Resolve("m", version.Version)!.ContentHash, Is.EqualTo(version.ContentHash));
            Assert.That(Store.Load(version), Is.Not.Null);
        }
        Assert.That(seen, Is.GreaterThan(0));
    }

    [Test]
    public void Readers_see_the_old_or_the_new_state_of_drops_and_renames()
    {
        Save("keep", 1);
        using CancellationTokenSource done = new();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                StoreSnapshot snapshot = Store.Snapshot(default);
                Assert.That(snapshot.Problems.Select(problem => problem.Error.Message), Is.Empty);
                Assert.That(snapshot.Find("keep"), Is.Not.Null);
                Assert.That(snapshot.Models, Has.Length.LessThanOrEqualTo(2));
                foreach (StoredModel model in snapshot.Models) Assert.That(model.Version(model.DefaultVersion), Is.Not.Null);
            }
        }))];
        for (int round = 0; round < 15; round++)
        {
            Save("a", round);
            Save("a", round + 0.5);
            Store.Rename("a", "b", default);
            Store.DropVersion("b", 1, default);
            Store.DropModel("b", default);
        }
        done.Cancel();
        Task.WaitAll(readers);
        Assert.That(Store.Snapshot(default).Models, Has.Length.EqualTo(1));
    }

    [Test]
    public void Of_many_who_claim_a_name_without_the_lock_one_gets_it()
    {
        PhysicalFileSystem files = new();
        Directory.CreateDirectory(_folder);
        for (int round = 0; round < 50; round++)
        {
            string to = Path.Combine(_folder, $"{round}.json");
            using Barrier start = new(Writers);
            int winners = 0;
            Thread[] claimers = [.. Enumerable.Range(0, Writers).Select(claimer => new Thread(() =>
            {
                string from = $"{to}.{claimer}";
                using (INewFile file = files.CreateNew(from)) file.Write([(byte)claimer]);
                start.SignalAndWait();
                if (files.TryClaim(from, to)) Interlocked.Increment(ref winners);
            }))];
            foreach (Thread claimer in claimers) claimer.Start();
            foreach (Thread claimer in claimers) claimer.Join();
            Assert.That(winners, Is.EqualTo(1));
        }
    }

    [Test]
    public void Waiting_for_the_lock_can_be_cancelled()
    {
        Save("m", 1);
        using IDisposable? held = new PhysicalFileSystem().TryLock(Path.Combine(_folder, "lock"));
        Assert.That(held, Is.Not.Null);
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(50));
        Assert.That(() => Store.SetComment("m", "x", cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Store.Snapshot(default).Find("m")!.Comment, Is.Null, "readers need no lock");
    }

    private StoredVersion Save(string name, double intercept) => Store.Save(name, SampleModels.Linear(intercept), SampleModels.Details, makeDefault: true, default);
}
