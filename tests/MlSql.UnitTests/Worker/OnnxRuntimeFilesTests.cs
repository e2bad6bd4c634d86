using System.Formats.Tar;
using System.IO.Compression;
using MlSql.Columnar;
using MlSql.Worker.Models;

namespace MlSql.UnitTests.Worker;

public class OnnxRuntimeFilesTests
{
    private const string Library = "libonnxruntime.so.1";
    private string _folder = "";

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("mlsql").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_runtime_is_unpacked_beside_its_file_once_whoever_asks()
    {
        File.WriteAllBytes(Path.Combine(_folder, "mlsql-onnx-01234567.packed"), Packed(new byte[3_000_000]));
        string missing = Path.Combine(_folder, "missing");

        Parallel.For(0, 8, _ => OnnxRuntimeFiles.Unpack([missing, _folder], CancellationToken.None));

        string library = Path.Combine(_folder, "mlsql-onnx-01234567", Library);
        Assert.That(new FileInfo(library).Length, Is.EqualTo(3_000_000));
        Assert.That(Directory.GetFileSystemEntries(_folder), Has.Length.EqualTo(2));
        DateTime made = File.GetLastWriteTimeUtc(library);
        OnnxRuntimeFiles.Unpack([_folder], CancellationToken.None);
        Assert.That(File.GetLastWriteTimeUtc(library), Is.EqualTo(made));
    }

    [Test]
    public void A_damaged_file_is_an_error_that_leaves_nothing()
    {
        byte[] packed = Packed(new byte[3_000_000]);
        string file = Path.Combine(_folder, "mlsql-onnx-01234567.packed");
        File.WriteAllBytes(file, packed[..(packed.Length / 2)]);

        var error = Assert.Throws<CodedException>(() => OnnxRuntimeFiles.Unpack([_folder], CancellationToken.None))!;

        Assert.That(error.Code, Is.EqualTo("MLS4319"));
        Assert.That(error.Message, Does.Contain(file));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.EqualTo([file]));
    }

    [Test]
    public void A_cancelled_task_leaves_nothing()
    {
        string file = Path.Combine(_folder, "mlsql-onnx-01234567.packed");
        File.WriteAllBytes(file, Packed(new byte[100]));
        Assert.Throws<OperationCanceledException>(() => OnnxRuntimeFiles.Unpack([_folder], new CancellationToken(canceled: true)));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.EqualTo([file]));
    }

    private static byte[] Packed(byte[] content)
    {
        using MemoryStream bytes = new();
        using (GZipStream packed = new(bytes, CompressionLevel.NoCompression))
        using (TarWriter entries = new(packed))
            entries.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, Library) { DataStream = new MemoryStream(content) });
        return bytes.ToArray();
    }
}
