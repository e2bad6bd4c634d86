using MlSql.Scoring.Onnx.Interop;

namespace MlSql.UnitTests.Scoring.Onnx;

/// <summary>On a cluster the runtime lies in an unpacked archive beside the program's.</summary>
internal sealed class ArchiveFolderTests
{
    [Test]
    public void Archives_of_the_runtime_are_found_by_their_name()
    {
        var parent = Directory.CreateTempSubdirectory("mlsql-");
        try
        {
            string second = parent.CreateSubdirectory("mlsql-onnx-22222222").FullName, first = parent.CreateSubdirectory("mlsql-onnx-11111111").FullName;
            parent.CreateSubdirectory("mlsql-33333333");
            Assert.That(LibraryLoader.ArchiveFolders(parent.FullName, null, parent.FullName, Path.Combine(parent.FullName, "missing")), Is.EqualTo(new[] { first, second }));
            string library = Path.GetFileName(LibraryLoader.Candidates([first]).Last());
            File.WriteAllText(Path.Combine(second, library), "");
            Assert.That(LibraryLoader.Find(null, LibraryLoader.ArchiveFolders(parent.FullName)), Is.EqualTo(Path.Combine(second, library)));
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }
}
