using System.Buffers.Binary;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MlSql.ApiTests;

/// <summary>What building the command leaves beside it for Spark's executors.</summary>
[UnsupportedOSPlatform("windows")]
public partial class WorkerArchiveTests
{
    private const string Worker = "mlsql-worker-linux-x64.packed";
    private const string Runtime = "mlsql-onnxruntime-linux-x64.tar.gz";

    private string _folder = "";

    [SetUp]
    public void SetUp()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("The worker that is shipped runs on Linux.");
        _folder = Directory.CreateTempSubdirectory("mlsql").FullName;
    }

    [TearDown]
    public void TearDown()
    {
        if (_folder.Length > 0) Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void The_worker_is_one_file_of_at_most_10_megabytes_that_unpacks_itself_beside_it()
    {
        long bytes = new FileInfo(Beside(Worker)).Length;
        TestContext.Out.WriteLine($"{Worker}: {bytes:N0} bytes");
        Assert.That(bytes, Is.LessThan(10_000_000));
        string worker = Place();
        StartToPort(worker);
        string program = Path.ChangeExtension(worker, ".run");
        Assert.That(Directory.GetFiles(_folder), Is.EquivalentTo([worker, program]));
        Assert.That(File.GetUnixFileMode(program), Is.EqualTo(Executable));
    }

    [Test]
    public void Workers_that_start_at_once_do_not_hinder_each_other()
    {
        string worker = Place();
        Parallel.For(0, 4, _ => StartToPort(worker));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_worker_that_is_cut_says_so_and_leaves_nothing()
    {
        string worker = Place();
        using (var file = File.OpenWrite(worker)) file.SetLength(file.Length - 100);
        using var process = Start(worker);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(126));
        Assert.That(error, Does.Contain($"MlSql's worker was not unpacked from {worker}"));
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo([worker]));
    }

    [Test]
    public void The_runtime_comes_with_its_licence() =>
        Assert.That(Entries(Runtime), Is.EqualTo([("libonnxruntime.so.1", Executable), ("LICENSE.onnxruntime.txt", Executable & ~(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute))]));

    [Test]
    public void The_worker_starts_with_nothing_around_it()
    {
        string worker = Place();
        List<double> starts = [];
        for (int i = 0; i < 11; i++) starts.Add(StartToPort(worker));
        TestContext.Out.WriteLine($"start to port: median {starts.Skip(1).Order().ElementAt(5):F1} ms, least {starts.Min():F1} ms, first {starts[0]:F1} ms");
        // The least: that is the worker's own time, also on a machine that is busy with other tests.
        Assert.That(starts.Min(), Is.LessThan(40));
    }

    // .NET 10 itself asks for 2.27; nothing of ours may ask for more.
    [Test]
    public void The_worker_needs_glibc_2_27_and_no_more()
    {
        string worker = Place();
        StartToPort(worker);
        string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path.ChangeExtension(worker, ".run")));
        Version[] asked = [.. GlibcVersion().Matches(text).Select(m => Version.Parse(m.Groups[1].Value)).Distinct().Order()];
        Assert.That(asked, Is.Not.Empty);
        Assert.That(asked[^1], Is.LessThanOrEqualTo(new Version(2, 27)), string.Join(' ', asked.Select(v => v.ToString())));
    }

    [Test]
    public void A_second_build_does_not_remake_it()
    {
        Beside(Worker);
        MakeArchives();
        string stamp = Directory.GetFiles(Path.Combine(TestData.Root, "src", "MlSql.Worker", "bin", "archives"), "*.stamp").MaxBy(File.GetLastWriteTimeUtc)!;
        DateTime before = File.GetLastWriteTimeUtc(stamp);
        Assert.That(MakeArchives(), Does.Not.Contain("Publishing the worker"));
        Assert.That(File.GetLastWriteTimeUtc(stamp), Is.EqualTo(before));
    }

    [Test]
    public void What_the_archive_is_made_from_is_listed_whole()
    {
        string folder = Path.Combine(TestData.Root, "src", "MlSql.Worker");
        using var locked = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "packages.lock.json")));
        var projects = locked.RootElement.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject().Where(d => d.Value.GetProperty("type").GetString() == "Project").Select(d => d.Name["mlsql.".Length..]);
        string list = WorkerRooms().Match(File.ReadAllText(Path.Combine(folder, "Publish.targets"))).Groups[1].Value;
        Assert.That(list.Split(';').Select(r => r.ToLowerInvariant()), Is.EquivalentTo(projects.Append("worker")), "WorkerRoom of Publish.targets");
    }

    private static UnixFileMode Executable =>
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static string Beside(string archive)
    {
        string path = Path.Combine(AppContext.BaseDirectory, archive);
        Assert.That(path, Does.Exist, "Building the command makes it, unless it was built with -p:WorkerRuntimes=none.");
        return path;
    }

    private static List<(string Name, UnixFileMode Mode)> Entries(string archive)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(Beside(archive)), CompressionMode.Decompress));
        List<(string, UnixFileMode)> entries = [];
        while (tar.GetNextEntry() is { } entry) entries.Add((entry.Name, entry.Mode));
        return entries;
    }

    private static string MakeArchives()
    {
        ProcessStartInfo start = new("dotnet", ["msbuild", Path.Combine(TestData.Root, "src", "MlSql.Cli", "MlSql.Cli.csproj"), "-t:PackWorkers", "-v:m", "-nologo", "-nodeReuse:false", "-tl:off"]) { RedirectStandardOutput = true };
        using var build = Process.Start(start)!;
        string output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        Assert.That(build.ExitCode, Is.Zero, output);
        return output;
    }

    private string Place()
    {
        string worker = Path.Combine(_folder, "worker.packed");
        File.Copy(Beside(Worker), worker);
        File.SetUnixFileMode(worker, Executable);
        return worker;
    }

    private Process Start(string worker)
    {
        ProcessStartInfo start = new(worker, ["-m", "pyspark.daemon", "pyspark.worker"])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PYTHON_WORKER_FACTORY_SECRET"] = new string('x', 64);
        return Process.Start(start)!;
    }

    // From the start of the process to the port's fourth byte, in ms.
    private double StartToPort(string worker)
    {
        long begun = Stopwatch.GetTimestamp();
        using var process = Start(worker);
        Span<byte> port = stackalloc byte[4];
        int read = process.StandardOutput.BaseStream.ReadAtLeast(port, 4, throwOnEndOfStream: false);
        double taken = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            process.Kill();
            Assert.Fail("The worker did not end with its standard input.");
        }
        Assert.That(read, Is.EqualTo(4), process.StandardError.ReadToEnd());
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(port), Is.InRange(1, 65535));
        return taken;
    }

    [GeneratedRegex(@"GLIBC_(2\.\d+)")]
    private static partial Regex GlibcVersion();

    [GeneratedRegex("<WorkerRoom Include=\"([^\"]*)\"")]
    private static partial Regex WorkerRooms();
}
