using MlSql.Models.Store;

namespace MlSql.UnitTests.Models;

[TestFixture]
internal sealed class ModelStoreTests
{
    private string _folder = "";

    private ModelStore Store => ModelStore.Open(_folder, new PhysicalFileSystem(), TimeProvider.System);

    [SetUp]
    public void MakeFolder() => _folder = Path.Combine(Path.GetTempPath(), "mlsql-store-" + Guid.NewGuid().ToString("n"));

    [TearDown]
    public void DeleteFolder()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void A_saved_model_is_listed_and_loaded_by_another_store()
    {
        StoredVersion saved = Store.Save("Churn", SampleModels.Linear(1), SampleModels.Details, makeDefault: true, default);
        StoreSnapshot snapshot = Store.Snapshot(default);
        Assert.That(snapshot.Problems, Is.Empty);
        Assert.That(snapshot.Find("cHURN")!.Name, Is.EqualTo("Churn"));
        StoredVersion found = snapshot.Resolve("churn")!;
        Assert.That((found.Version, found.ContentHash), Is.EqualTo((1, saved.ContentHash)));
        Assert.That(Store.Load(found), Is.EqualTo(SampleModels.Linear(1)));
    }
}
