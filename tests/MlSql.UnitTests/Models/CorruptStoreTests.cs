using MlSql.Columnar;
using MlSql.Models.Store;
using MlSql.UnitTests.Models.Simulation;

namespace MlSql.UnitTests.Models;

[TestFixture]
internal sealed class CorruptStoreTests
{
    private readonly SteppedTime _time = new();
    private SimulatedFileSystem _files = null!;
    private string _sound = "";

    [SetUp]
    public void MakeStore()
    {
        _files = new(_time);
        ModelStore store = Reopened;
        foreach ((string name, double intercept) in new[] { ("churn", 1.0), ("churn", 2), ("price", 3), ("price", 4) })
            store.Save(name, SampleModels.Linear(intercept), SampleModels.Details, makeDefault: false, default);
        store.SetAlias("churn", "champion", 2, default);
        _sound = StoreScript.Describe(store);
    }

    private ModelStore Reopened => ModelStore.Open(StoreScript.Folder, _files, _time);

    private string[] Manifests => [.. _files.AllFiles().Where(path => path.EndsWith(".json", StringComparison.Ordinal))];

    [Test]
    public void A_flipped_byte_of_any_manifest_or_head_is_found()
    {
        int cases = 0;
        foreach (string path in Manifests)
        {
            byte[] sound = _files.TryRead(path, long.MaxValue)!;
            for (int at = 0; at < sound.Length; at++)
                foreach (byte mask in new byte[] { 0x01, 0x20, 0x80 })
                {
                    byte[] damaged = [.. sound];
                    damaged[at] ^= mask;
                    _files.Overwrite(path, damaged);
                    RequireFound(path, $"byte {at} ^ {mask}");
                    cases++;
                }
            _files.Overwrite(path, sound);
        }
        TestContext.Out.WriteLine($"{cases} flipped bytes in {Manifests.Length} files, all found");
        Assert.That(StoreScript.Describe(Reopened), Is.EqualTo(_sound));
    }

    [Test]
    public void A_cut_or_lengthened_manifest_or_head_is_found()
    {
        foreach (string path in Manifests)
        {
            byte[] sound = _files.TryRead(path, long.MaxValue)!;
            for (int length = 0; length < sound.Length; length++)
            {
                _files.Overwrite(path, sound[..length]);
                RequireFound(path, $"cut to {length}");
            }
            _files.Overwrite(path, [.. sound, (byte)'\n']);
            RequireFound(path, "one byte more");
            _files.Overwrite(path, sound);
        }
    }

    [Test]
    public void Two_swapped_files_are_found()
    {
        foreach (string first in Manifests)
            foreach (string second in Manifests.Where(path => string.CompareOrdinal(first, path) < 0))
            {
                (byte[] one, byte[] other) = (_files.TryRead(first, long.MaxValue)!, _files.TryRead(second, long.MaxValue)!);
                _files.Overwrite(first, other);
                _files.Overwrite(second, one);
                StoreSnapshot snapshot = Reopened.Snapshot(default);
                Assert.That(snapshot.Problems, Is.Not.Empty, $"{first} and {second}");
                // The files of a model whose head cannot be read are not looked at.
                string[] expected = [.. new[] { first, second }.Where(path => IsHead(path) || !(IsHead(first) && Owner(first) == Owner(path) || IsHead(second) && Owner(second) == Owner(path)))];
                Assert.That(snapshot.Problems.Select(problem => problem.Path), Is.EquivalentTo(expected));
                _files.Overwrite(first, one);
                _files.Overwrite(second, other);
            }
    }

    [Test]
    public void A_deleted_file_is_found()
    {
        foreach (string path in Manifests)
        {
            byte[] sound = _files.TryRead(path, long.MaxValue)!;
            _files.Delete(path);
            RequireFound(path, "deleted");
            using (INewFile file = _files.CreateNew(path)) file.Write(sound);
        }
        Assert.That(StoreScript.Describe(Reopened), Is.EqualTo(_sound));
    }

    [Test]
    public void A_flipped_byte_of_a_models_bytes_is_found_with_both_hashes()
    {
        StoredVersion version = Reopened.Snapshot(default).Resolve("churn")!;
        string path = Path.Combine(StoreScript.Folder, "blobs", "sha256", version.ContentHash);
        byte[] sound = _files.TryRead(path, long.MaxValue)!;
        for (int at = 0; at <= sound.Length; at++)
        {
            byte[] damaged = at == sound.Length ? [.. sound, 0] : [.. sound];
            if (at < sound.Length) damaged[at] ^= 0x10;
            _files.Overwrite(path, damaged);
            CodedException error = Assert.Throws<CodedException>(() => Reopened.Load(version))!;
            Assert.That(error.Code, Is.EqualTo("MLS5013"));
            Assert.That(error.Message, Does.Contain(path).And.Contain(version.ContentHash));
        }
        _files.Delete(path);
        Assert.That(Assert.Throws<CodedException>(() => Reopened.Load(version))!.Code, Is.EqualTo("MLS5011"));

        Reopened.Save("churn", SampleModels.Linear(1), SampleModels.Details, makeDefault: false, default);
        Assert.That(Reopened.Load(version), Is.EqualTo(SampleModels.Linear(1)), "saving the same model again heals it");
    }

    [Test]
    public void Nothing_is_saved_or_swept_over_a_damaged_head()
    {
        string head = Path.Combine(StoreScript.Folder, "models", "churn", "model.json");
        byte[] sound = _files.TryRead(head, long.MaxValue)!;
        _files.Overwrite(head, sound[..100]);
        _time.Advance(TimeSpan.FromDays(1));
        ModelStore store = Reopened;
        Assert.That(() => store.Save("Churn", SampleModels.Linear(9), SampleModels.Details, true, default), Throws.InstanceOf<CodedException>().With.Property("Code").EqualTo("MLS5010"));
        Assert.That(store.Sweep(default), Is.Zero);
        store.DropModel("price", default);
        _files.Overwrite(head, sound);
        Assert.That(StoreScript.Describe(Reopened), Is.EqualTo(string.Join("\n", _sound.Split('\n').Where(line => line.StartsWith("churn", StringComparison.Ordinal)))));
    }

    [Test]
    public void A_file_of_a_newer_format_says_so()
    {
        string path = Path.Combine(StoreScript.Folder, "models", "churn", "model.json");
        string content = "{\"name\":\"churn\"}\n", start = "{\"mlsql\":\"model\",\"format\":2,";
        string hash = MlSql.Models.ModelFormat.ContentHash(System.Text.Encoding.UTF8.GetBytes(start + content));
        _files.Overwrite(path, System.Text.Encoding.UTF8.GetBytes($"{start}\"sha256\":\"{hash}\"}}\n{content}"));
        StoreProblem problem = Reopened.Snapshot(default).Problems.Single();
        Assert.That(problem.Error.Code, Is.EqualTo("MLS5012"));
        Assert.That(problem.Error.Message, Does.Contain("newer MlSql").And.Contain("format 2"));
    }

    // The damage is listed, resolving into it gives its error, and the other model works.
    private void RequireFound(string path, string damage)
    {
        StoreSnapshot snapshot = Reopened.Snapshot(default);
        string what = $"{path}: {damage}";
        Assert.That(snapshot.Problems.Select(problem => problem.Path), Is.EqualTo(new[] { path }), what);
        Assert.That(snapshot.Problems[0].Error.Code, Is.AnyOf("MLS5010", "MLS5011", "MLS5013"), what);
        string model = Owner(path), other = model == "churn" ? "price" : "churn";
        int? version = IsHead(path) ? null : int.Parse(Path.GetFileNameWithoutExtension(path), System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(() => snapshot.Resolve(model, version), Throws.InstanceOf<CodedException>(), what);
        Assert.That(snapshot.Find(other)!.Versions, Has.Length.EqualTo(2), what);
        if (version is { } damaged) Assert.That(snapshot.Resolve(model, 3 - damaged), Is.Not.Null, what);
    }

    private static bool IsHead(string path) => Path.GetFileName(path) == "model.json";

    private static string Owner(string path) => Path.GetFileName(Path.GetDirectoryName(path))!;
}
