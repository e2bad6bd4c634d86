using System.IO.Compression;
using System.Runtime.Versioning;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Shipping;
using MlSql.Scoring.Commands;
using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

/// <summary>Executors that cannot start the worker: one named error, whatever Spark writes about it.</summary>
[UnsupportedOSPlatform("windows")]
public class WorkerStartTests
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Test]
    public Task A_folder_from_which_nothing_may_be_started() => SaysAsync("noexec", [1], UnixFileMode.UserRead, "noexec");

    [TestCase(false)]
    [TestCase(true)]
    public Task A_program_for_another_architecture(bool packed) => SaysAsync("foreign" + packed, packed ? [.. Start, .. Packed(ForeignProgram)] : ForeignProgram, Executable, "another architecture");

    [Test]
    public Task A_worker_that_cannot_unpack_itself() => SaysAsync("cut", [.. Start, .. Packed(ForeignProgram)[..20]], Executable, "could not be unpacked");

    [Test]
    public Task A_file_that_did_not_arrive() => SaysAsync("missing", null, Executable, "not in the working directory");

    // The shell's part of the worker.
    private static byte[] Start => File.ReadAllBytes(ShippedFile.Worker("linux-x64").Path)[..1024];

    // The head of a program for 64-bit ARM.
    private static byte[] ForeignProgram => [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 183, 0, 1, 0, 0, 0, .. new byte[40]];

    private static byte[] Packed(byte[] program)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest)) gzip.Write(program);
        return packed.ToArray();
    }

    private static async Task SaysAsync(string folder, byte[]? content, UnixFileMode mode, string reason)
    {
        var cluster = SparkRig.Cluster();
        var cancel = TestContext.CurrentContext.CancellationToken;
        string worker = Path.Combine(Directory.CreateDirectory(Path.Combine(cluster.Folder, folder)).FullName, "worker");
        if (content is not null)
        {
            File.WriteAllBytes(worker, content);
            File.SetUnixFileMode(worker, mode);
        }
        await using var session = await Sessions.OpenAsync(cluster, cancel);
        await SessionWorker.UseAsync(session, worker, cancel);
        await session.RegisterAsync("echo", new EchoCommand(), "double", cancel);

        var error = Assert.ThrowsAsync<SparkException>(() => session.QueryAsync("SELECT echo(CAST(id AS DOUBLE)) FROM range(8)", cancel))!;

        TestContext.Out.WriteLine(error.FullText.Length > 1500 ? error.FullText[..1500] : error.FullText);
        var explained = WorkerStart.Explain(error.FullText, worker);
        Assert.That(explained?.Code, Is.EqualTo("MLS6308"));
        Assert.That(explained!.Message, Does.Contain(reason));
    }
}
