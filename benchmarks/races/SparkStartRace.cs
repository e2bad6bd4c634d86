using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MlSql.Engines.Spark.Shipping;

namespace MlSql.Races;

/// <summary>What an executor starts for a session's functions, from the process to the port that it prints: our worker, unpacked before, against Python's daemon.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class SparkStartRace(SparkTrack track) : Race
{
    private SparkRig _rig = null!;
    private string _worker = "";

    public override string Name => "Spark: worker, start to port";

    public override string Opponent => "PySpark daemon";

    public override string Aim => "≤ 0.040 s";

    public override string? Skip => track.Missing;

    public override int WarmUps => 1;

    public override async Task<string> CompareAsync(CancellationToken cancel)
    {
        _rig = await track.RigAsync(cancel);
        _worker = InstalledWorker.Install(Directory.CreateDirectory(Path.Combine(_rig.Host.Folder, "worker")).FullName);
        foreach (var start in (ProcessStartInfo[])[Ours(), Theirs()])
            await StartAsync(start, async port =>
            {
                using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
            }, cancel);
        return "both ports take a connection";
    }

    public override Task<Timing> OursAsync(CancellationToken cancel) => StartAsync(Ours(), null, cancel);

    public override Task<Timing> TheirsAsync(CancellationToken cancel) => StartAsync(Theirs(), null, cancel);

    private ProcessStartInfo Ours() => Executor(_worker);

    private ProcessStartInfo Theirs()
    {
        var start = Executor(Environment.GetEnvironmentVariable("PYSPARK_PYTHON")!);
        start.Environment["PYTHONPATH"] = _rig.Host.PythonPath;
        return start;
    }

    // As an executor starts either of them.
    private ProcessStartInfo Executor(string program)
    {
        ProcessStartInfo start = new(program, ["-m", "pyspark.daemon", "pyspark.worker"]) { WorkingDirectory = _rig.Host.Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHON_WORKER_FACTORY_SECRET"] = new string('x', 64);
        start.Environment["PYTHON_UNIX_DOMAIN_ENABLED"] = "false";
        return start;
    }

    private static async Task<Timing> StartAsync(ProcessStartInfo start, Func<int, Task>? onPort, CancellationToken cancel)
    {
        byte[] port = new byte[4];
        long begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        int read = await process.StandardOutput.BaseStream.ReadAtLeastAsync(port, 4, throwOnEndOfStream: false, cancel);
        double wall = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        double cpu = process.TotalProcessorTime.TotalSeconds;
        if (read == 4 && onPort is not null) await onPort(BinaryPrimitives.ReadInt32BigEndian(port));
        process.StandardInput.Close();
        string error = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return read == 4 ? new(wall, cpu) : throw new InvalidOperationException($"{start.FileName} printed no port: {error}");
    }
}
