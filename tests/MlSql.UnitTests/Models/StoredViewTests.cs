using MlSql.Models.Store;
using MlSql.UnitTests.Models.Simulation;

namespace MlSql.UnitTests.Models;

[TestFixture]
internal sealed class StoredViewTests
{
    private const string Server = "sc://host:15002";
    private readonly List<StoreProblem> _problems = [];
    private SimulatedFileSystem _files = null!;

    private ModelStore Store => ModelStore.Open(StoreScript.Folder, _files, TimeProvider.System);

    [SetUp]
    public void MakeDisk()
    {
        _files = new(new SteppedTime());
        _problems.Clear();
    }

    [Test]
    public void A_view_is_found_again_by_its_server_alone()
    {
        Store.SaveView(new(Server, "../a b", "SELECT 'é'"), default);
        Store.SaveView(new("sc://other:15002", "w", "SELECT 2"), default);
        Assert.That(Store.Views(Server, _problems, default), Is.EqualTo([new StoredView(Server, "../a b", "SELECT 'é'")]));
        Assert.That(_files.AllFiles().Where(path => path.EndsWith(".json", StringComparison.Ordinal)).Select(Path.GetDirectoryName).Distinct(), Is.EqualTo([Path.Combine(StoreScript.Folder, "views")]));
        Assert.That(_problems, Is.Empty);
    }

    [Test]
    public void A_name_in_another_case_is_the_same_view()
    {
        Store.SaveView(new(Server, "Top", "SELECT 1"), default);
        Store.SaveView(new(Server, "TOP", "SELECT 2"), default);
        Assert.That(Store.Views(Server, _problems, default), Is.EqualTo([new StoredView(Server, "TOP", "SELECT 2")]));
        Store.DropView(Server, "top", default);
        Store.DropView(Server, "top", default);
        Assert.That(Store.Views(Server, _problems, default), Is.Empty);
    }

    [Test]
    public void Reading_and_dropping_make_nothing()
    {
        ModelStore store = ModelStore.Open(Path.Combine(StoreScript.Folder, "none"), _files, TimeProvider.System);
        Assert.That(store.Views(Server, _problems, default), Is.Empty);
        store.DropView(Server, "v", default);
        Assert.That(_files.FolderExists(store.Folder), Is.False);
    }

    [Test]
    public void A_damaged_view_is_left_out_and_told()
    {
        Store.SaveView(new(Server, "one", "SELECT 1"), default);
        Store.SaveView(new(Server, "two", "SELECT 2"), default);
        string[] paths = [.. new[] { "one", "two" }.Select(name => _files.AllFiles().Single(path => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal)))];
        byte[][] sound = [.. paths.Select(path => _files.TryRead(path, long.MaxValue)!)];
        for (int at = 0; at < sound[0].Length; at++)
        {
            byte[] damaged = [.. sound[0]];
            damaged[at] ^= 0x20;
            _files.Overwrite(paths[0], damaged);
            _problems.Clear();
            Assert.That(Store.Views(Server, _problems, default).Select(v => v.Name), Is.EqualTo(["two"]), $"byte {at}");
            Assert.That(_problems.Select(p => p.Path), Is.EqualTo([paths[0]]), $"byte {at}");
        }
        // One file in the place of another.
        _problems.Clear();
        _files.Overwrite(paths[0], sound[1]);
        Assert.That(Store.Views(Server, _problems, default).Count(v => v.Name == "two"), Is.EqualTo(1));
        Assert.That(_problems.Single().Error.Code, Is.EqualTo("MLS5010"));
    }
}
