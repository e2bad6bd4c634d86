using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MlSql.Scoring.Commands;
using MlSql.Worker.Launch;
using MlSql.Worker.Serving;

namespace MlSql.UnitTests.Worker;

/// <summary>The program as the engine starts it.</summary>
public class LaunchTests
{
    private static readonly string[] s_daemon = ["-m", "pyspark.daemon", "pyspark.worker"];

    [Test]
    public void It_listens_on_a_port_answers_and_ends_with_its_input()
    {
        using var process = Start(s_daemon, ("PYTHON_WORKER_FACTORY_SECRET", "word"), ("SPARK_REUSE_WORKER", "1"));
        using TcpClient client = new();
        client.Connect(IPAddress.Loopback, ReadInt32(process.StandardOutput.BaseStream));
        var stream = client.GetStream();
        Assert.That(ReadInt32(stream), Is.EqualTo(process.Id));
        stream.Write("\0\0\0\u0004word"u8);
        byte[] ok = new byte[6];
        stream.ReadExactly(ok);
        Assert.That(ok, Is.EqualTo("\0\0\0\u0002ok"u8.ToArray()));
        RunTask(stream);
        process.StandardInput.Close();
        Assert.That(process.WaitForExit(5_000));
        Assert.That(process.ExitCode, Is.Zero);
    }

    [Test]
    public void It_listens_on_a_socket_file_without_a_secret()
    {
        string folder = Directory.CreateTempSubdirectory("mlsql-").FullName;
        try
        {
            using var process = Start(s_daemon, ("PYTHON_UNIX_DOMAIN_ENABLED", "True"), ("PYTHON_WORKER_FACTORY_SOCK_DIR", folder));
            byte[] path = new byte[ReadInt32(process.StandardOutput.BaseStream)];
            process.StandardOutput.BaseStream.ReadExactly(path);
            Assert.That(Path.GetDirectoryName(Encoding.UTF8.GetString(path)), Is.EqualTo(folder));
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(Encoding.UTF8.GetString(path)));
            using NetworkStream stream = new(socket);
            Assert.That(ReadInt32(stream), Is.EqualTo(process.Id));
            RunTask(stream);
            process.StandardInput.Close();
            Assert.That(process.WaitForExit(5_000));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void For_one_task_it_connects_back()
    {
        using TcpListener engine = new(IPAddress.Loopback, 0);
        engine.Start();
        using var process = Start(["-m", "pyspark.worker"], ("PYTHON_WORKER_FACTORY_SECRET", "word"), ("PYTHON_WORKER_FACTORY_PORT", ((IPEndPoint)engine.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)));
        using var client = engine.AcceptTcpClient();
        var stream = client.GetStream();
        byte[] secret = new byte[8];
        stream.ReadExactly(secret);
        Assert.That(secret, Is.EqualTo("\0\0\0\u0004word"u8.ToArray()));
        stream.Write("\0\0\0\u0002ok"u8);
        Assert.That(ReadInt32(stream), Is.EqualTo(process.Id));
        RunTask(stream);
        client.Close();
        Assert.That(process.WaitForExit(5_000));
        Assert.That(process.ExitCode, Is.Zero);
    }

    [Test]
    public void Other_launches_become_the_program_they_were_meant_for()
    {
        using var process = Start(["-c", "print(1)"], ("PYSPARK_PYTHON", "/bin/echo"));
        Assert.That(process.StandardOutput.ReadToEnd(), Is.EqualTo("-c print(1)\n"));
    }

    [Test]
    public void A_python_that_is_not_there_is_named()
    {
        using var process = Start(["-m", "pyspark.daemon", "pyspark.sql.worker.analyze_udtf"], ("PYSPARK_PYTHON", "/no/such/python"));
        Assert.That(process.StandardError.ReadToEnd(), Does.Contain("MLS4301: /no/such/python cannot be started"));
        Assert.That(process.WaitForExit(5_000) ? process.ExitCode : -1, Is.EqualTo(127));
    }

    [Test]
    public void A_signal_to_a_process_without_a_task_ends_it()
    {
        using var process = Start(s_daemon, ("PYTHON_WORKER_FACTORY_SECRET", "word"));
        ReadInt32(process.StandardOutput.BaseStream);
        // The handlers are set up right after the port is told.
        Thread.Sleep(500);
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        Assert.That(process.WaitForExit(10_000));
        Assert.That(process.ExitCode, Is.Zero);
    }

    [Test]
    public void Without_connections_it_ends_by_itself()
    {
        WorkerSettings settings = new() { Secret = "s"u8.ToArray(), IdleLimit = TimeSpan.FromMilliseconds(300), FirstLimit = TimeSpan.FromSeconds(30) };
        WorkerProcess process = new(settings);
        using var listener = WorkerProcess.Listen(settings);
        var address = listener.LocalEndPoint!;
        var run = Task.Run(() => process.Run(listener));
        using Socket first = new(SocketType.Stream, ProtocolType.Tcp);
        first.Connect(address);
        Assert.That(run.Wait(1_500), Is.False, "a connection is open");
        first.Dispose();
        Assert.That(run.Wait(5_000), "none is open");
        using Socket late = new(SocketType.Stream, ProtocolType.Tcp);
        Assert.That(() => late.Connect(address), Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionRefused));
    }

    [Test]
    public void A_silent_task_is_ended_alone()
    {
        WorkerSettings settings = new() { Secret = "s"u8.ToArray(), Reuse = true };
        WorkerProcess process = new(settings);
        using var listener = WorkerProcess.Listen(settings);
        _ = Task.Run(() => process.Run(listener));
        using TcpClient idle = new(), busy = new();
        foreach (var client in (ReadOnlySpan<TcpClient>)[idle, busy])
        {
            client.Connect((IPEndPoint)listener.LocalEndPoint!);
            client.GetStream().ReadTimeout = 10_000;
            ReadInt32(client.GetStream());
            client.GetStream().Write("\0\0\0\u0001s"u8);
            client.GetStream().ReadExactly(new byte[6]);
        }
        Assert.That(process.EndMostSilent(), Is.False);
        // A task whose description does not come.
        busy.GetStream().Write([0xFF, 0xFF, 0xFF, 0xF8, 0, 0, 1, 0]);
        Assert.That(() => process.EndMostSilent(), Is.True.After(5_000, 20));
        Assert.That(busy.GetStream().Read(new byte[1]), Is.Zero);
        busy.Close();
        Assert.That(() => process.Connections, Is.EqualTo(1).After(5_000, 20));
        RunTask(idle.GetStream());
    }

    private static void RunTask(NetworkStream stream)
    {
        using Recording recording = new("scalar_arrow");
        stream.Write(recording.With(null, new EchoCommand().Write()));
        var answer = Answer.Read(stream);
        Assert.That(answer.Error, Is.Null);
        Assert.That(answer.Batches[0].Rows, Is.EqualTo(3));
    }

    private static Process Start(string[] arguments, params (string Name, string Value)[] variables)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "MlSql.Worker.exe" : "MlSql.Worker");
        ProcessStartInfo start = new(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("PY", StringComparison.Ordinal) || k.StartsWith("SPARK", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static int ReadInt32(Stream stream)
    {
        byte[] bytes = new byte[4];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }
}
