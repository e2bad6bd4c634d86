using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models.Store;

namespace MlSql.UnitTests.Models;

[TestFixture]
internal sealed class ModelStoreTests
{
    private string _folder = "";

    private ModelStore Store => ModelStore.Open(_folder, new PhysicalFileSystem(), TimeProvider.System);

    [SetUp]
    public void MakeFolder() => _folder = Path.Combine(Path.GetTempPath(), "mlsql-store-" + Guid.NewGuid().ToString("n"), "models");

    [TearDown]
    public void DeleteFolder()
    {
        if (Directory.Exists(Path.GetDirectoryName(_folder))) Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    [Test]
    public void A_saved_model_is_listed_and_loaded_by_another_store()
    {
        StoredVersion saved = Save("Churn", 1);
        StoreSnapshot snapshot = Store.Snapshot(default);
        Assert.That(snapshot.Problems, Is.Empty);
        Assert.That(snapshot.Find("cHURN")!.Name, Is.EqualTo("Churn"));
        StoredVersion found = snapshot.Resolve("churn")!;
        Assert.That((found.Version, found.ContentHash), Is.EqualTo((1, saved.ContentHash)));
        Assert.That(Store.Load(found), Is.EqualTo(SampleModels.Linear(1)));
    }

    [Test]
    public void Opening_and_reading_make_nothing()
    {
        Assert.That(Store.Snapshot(default).Models, Is.Empty);
        Assert.That(Store.Sweep(default), Is.Zero);
        Assert.That(() => Store.DropModel("churn", default), ThrowsCode("MLS5002"));
        Assert.That(Directory.Exists(_folder), Is.False);
        Assert.That(ModelStore.Open("some/models", new PhysicalFileSystem(), TimeProvider.System).Folder, Is.EqualTo(Path.Combine(Directory.GetCurrentDirectory(), "some", "models")));
    }

    [Test]
    public void Details_come_back_as_they_were_given()
    {
        Save("churn", 1);
        VersionDetails read = Store.Snapshot(default).Resolve("churn")!.Details, given = SampleModels.Details;
        Assert.That(read.Options.Values, Is.EqualTo(given.Options.Values));
        Assert.That(read.Metrics, Is.EqualTo(given.Metrics));
        Assert.That(read.Iterations, Is.EqualTo(given.Iterations));
        Assert.That(read.Warnings, Is.EqualTo(given.Warnings));
        Assert.That(read.CreatedAt, Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(5)));
        Assert.That(read.Features, Is.EqualTo(given.Features));
        VersionDetails same = given with { Options = read.Options, Features = read.Features, Metrics = read.Metrics, Iterations = read.Iterations, Warnings = read.Warnings, CreatedAt = read.CreatedAt };
        Assert.That(read, Is.EqualTo(same));
    }

    [Test]
    public void Metrics_keep_every_bit_but_those_of_a_NaN()
    {
        Random random = new(5);
        ImmutableArray<VersionMetric> metrics =
        [
            .. Enumerable.Range(0, 5000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)))
                .Concat([0.0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 1.0 / 3])
                .Select(value => new VersionMetric("eval", "m", value)),
        ];
        Store.Save("m", SampleModels.Linear(1), SampleModels.Details with { Metrics = metrics }, true, default);
        ImmutableArray<VersionMetric> read = Store.Snapshot(default).Resolve("m")!.Details.Metrics;
        static long Bits(VersionMetric metric) => BitConverter.DoubleToInt64Bits(double.IsNaN(metric.Value!.Value) ? double.NaN : metric.Value.Value);
        Assert.That(read.Select(Bits), Is.EqualTo(metrics.Select(Bits)));
    }

    [Test]
    public void The_default_moves_when_told_and_rolls_back_step_by_step()
    {
        Save("m", 1);
        Save("m", 2, makeDefault: false);
        Assert.That(Find("m").DefaultVersion, Is.EqualTo(1));
        Save("m", 3);
        Store.SetDefault("m", 2, default);
        Assert.That((Find("m").DefaultVersion, Find("m").PreviousDefault), Is.EqualTo((2, (int?)3)));
        Assert.That(Store.Rollback("m", default), Is.EqualTo(3));
        Assert.That(Store.Rollback("m", default), Is.EqualTo(1));
        Assert.That(() => Store.Rollback("m", default), ThrowsCode("MLS5008"));
        Assert.That(() => Store.SetDefault("m", 4, default), ThrowsCode("MLS5003"));
    }

    [Test]
    public void Aliases_are_found_in_any_case()
    {
        Save("m", 1);
        Save("m", 2);
        Store.SetAlias("m", "Champion", 1, default);
        Assert.That(Store.Snapshot(default).Resolve("M", alias: "cHAMPION")!.Version, Is.EqualTo(1));
        Store.SetAlias("m", "CHAMPION", 2, default);
        Assert.That(Find("m").Aliases, Is.EqualTo(new[] { KeyValuePair.Create("CHAMPION", 2) }));
        Store.UnsetAlias("m", "champion", default);
        Assert.That(Store.Snapshot(default).Resolve("m", alias: "champion"), Is.Null);
        Assert.That(() => Store.UnsetAlias("m", "champion", default), ThrowsCode("MLS5004"));
        Assert.That(() => Store.SetAlias("m", "", 1, default), ThrowsCode("MLS5001"));
    }

    [Test]
    public void A_dropped_version_number_is_not_given_again()
    {
        Save("m", 1);
        Save("m", 2);
        Save("m", 3, makeDefault: false);
        Store.DropVersion("m", 3, default);
        Assert.That(Save("m", 4).Version, Is.EqualTo(4));
        Assert.That(Find("m").Versions.Select(version => version.Version), Is.EqualTo(new[] { 1, 2, 4 }));
    }

    [Test]
    public void The_default_and_aliased_versions_are_not_dropped_but_the_last_one_is_with_its_model()
    {
        Save("m", 1);
        Save("m", 2);
        Assert.That(() => Store.DropVersion("m", 2, default), ThrowsCode("MLS5006"));
        Store.SetAlias("m", "a", 1, default);
        Assert.That(() => Store.DropVersion("m", 1, default), ThrowsCode("MLS5007"));
        Store.SetAlias("m", "a", 2, default);
        Store.DropVersion("m", 1, default);
        Store.DropVersion("m", 2, default);
        Assert.That(Store.Snapshot(default).Models, Is.Empty);
        Assert.That(Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "models")), Is.Empty);
        Assert.That(Save("m", 1).Version, Is.EqualTo(1));
    }

    [Test]
    public void A_renamed_model_takes_everything_along_and_frees_its_name()
    {
        Save("old", 1);
        Store.SetAlias("old", "a", 1, default);
        Store.Rename("OLD", "New name", default);
        Assert.That(Store.Snapshot(default).Find("old"), Is.Null);
        Assert.That(Store.Snapshot(default).Resolve("new NAME", alias: "a")!.ModelName, Is.EqualTo("New name"));
        Assert.That(() => Store.SetDefault("old", 1, default), ThrowsCode("MLS5002"));
        Save("old", 2);
        Assert.That(() => Store.Rename("old", "NEW NAME", default), ThrowsCode("MLS5005"));
        Store.Rename("new name", "NEW Name", default);
        Assert.That(Store.Snapshot(default).Models.Select(model => model.Name), Is.EqualTo(new[] { "NEW Name", "old" }));
    }

    [TestCaseSource(nameof(OddNames))]
    public void Any_name_works(string name)
    {
        Save(name, 1);
        Store.SetAlias(name, name, 1, default);
        StoreSnapshot snapshot = Store.Snapshot(default);
        Assert.That(snapshot.Problems, Is.Empty);
        Assert.That(snapshot.Resolve(name, alias: name)!.ModelName, Is.EqualTo(name));
        string folder = Path.GetFileName(Directory.EnumerateDirectories(Path.Combine(_folder, "models")).Single());
        Assert.That(folder, Has.Length.LessThanOrEqualTo(200).And.Match("^[a-z0-9_%.-]+$").And.Not.StartsWith("."));
        Store.DropModel(name, default);
        Assert.That(Store.Snapshot(default).Models, Is.Empty);
    }

    private static IEnumerable<TestCaseData> OddNames() =>
        new[] { ".", "..", "../x", "a/b\\c", "con", "LPT1", "ä ö", "😀", "%41", "a~1", "x\0y", "\u202Eabc", "line\nbreak", "model.json", "1.json", new('q', 10_000), string.Concat(Enumerable.Repeat("名", 300)) }
            .Select((name, number) => new TestCaseData(name).SetArgDisplayNames($"odd name {number}"));

    [Test]
    public void Names_must_be_text()
    {
        Save("m", 1);
        foreach (string name in new[] { "", "\uD800" })
        {
            Assert.That(() => Save(name, 1), ThrowsCode("MLS5001"));
            Assert.That(() => Store.Rename("m", name, default), ThrowsCode("MLS5001"));
            Assert.That(() => Store.SetAlias("m", name, 1, default), ThrowsCode("MLS5001"));
        }
    }

    [Test]
    public void Files_that_are_not_the_stores_are_passed_over()
    {
        Save("m", 1);
        foreach (string path in new[] { "readme.txt", "models/.DS_Store", "models/m/notes.txt", "models/m/17.json", "blobs/sha256/x", "tmp/y" }) File.WriteAllText(Path.Combine(_folder, path), "?");
        Directory.CreateDirectory(Path.Combine(_folder, "models", "empty"));
        Assert.That(Store.Snapshot(default).Problems, Is.Empty);
        Save("m", 2);
        Store.DropModel("m", default);
        Assert.That(Store.Snapshot(default).Models, Is.Empty);
        Assert.That(File.Exists(Path.Combine(_folder, "models", "m", "notes.txt")));
        Assert.That(Save("m", 3).Version, Is.EqualTo(1));
    }

    [Test]
    public void Half_characters_in_comments_become_replacement_characters()
    {
        Store.Save("m", SampleModels.Linear(1), SampleModels.Details with { Comment = "a\uD800b" }, true, default);
        Store.SetComment("m", "\uDC00", default);
        StoreSnapshot snapshot = Store.Snapshot(default);
        Assert.That((snapshot.Resolve("m")!.Details.Comment, snapshot.Find("m")!.Comment), Is.EqualTo(("a\uFFFDb", "\uFFFD")));
    }

    [Test]
    public void Unreferenced_bytes_go_after_an_hour_and_shared_ones_stay()
    {
        Save("a", 1);
        Save("b", 1);
        Save("b", 2);
        string blobs = Path.Combine(_folder, "blobs", "sha256");
        Store.DropModel("b", default);
        Assert.That(Directory.GetFiles(blobs), Has.Length.EqualTo(2), "younger than an hour");
        foreach (string blob in Directory.GetFiles(blobs)) File.SetLastWriteTimeUtc(blob, DateTime.UtcNow.AddHours(-2));
        File.WriteAllText(Path.Combine(_folder, "tmp", "left"), "x");
        Assert.That(Store.Sweep(default), Is.EqualTo(1));
        Assert.That(Store.Load(Store.Snapshot(default).Resolve("a")!), Is.EqualTo(SampleModels.Linear(1)));
        Assert.That(File.Exists(Path.Combine(_folder, "tmp", "left")), "younger than an hour");
    }

    private StoredVersion Save(string name, double intercept, bool makeDefault = true) => Store.Save(name, SampleModels.Linear(intercept), SampleModels.Details, makeDefault, default);

    private StoredModel Find(string name) => Store.Snapshot(default).Find(name)!;

    private static NUnit.Framework.Constraints.EqualStringConstraint ThrowsCode(string code) => Throws.InstanceOf<CodedException>().With.Property("Code").EqualTo(code);
}
