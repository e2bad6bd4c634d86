using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using MlSql.Worker.Launch;

namespace MlSql.Worker.Relay;

/// <summary>A real Python daemon that serves the Python functions of our sessions; started when the first is called, ends with us.</summary>
internal sealed class PythonDaemon : IDisposable
{
    private const int StartSeconds = 60;
    private const int PathLimit = 4_096;

    private readonly WorkerSettings _settings;
    private readonly string _python;
    private readonly Process _process;
    private readonly EndPoint _address;
    private readonly Lock _gate = new();

    private PythonDaemon(WorkerSettings settings, string python, Process process, EndPoint address)
    {
        (_settings, _python, _process, _address) = (settings, python, process, address);
    }

    /// <summary>True once the process is gone.</summary>
    public bool IsOver => _process.HasExited;

    /// <summary>Starts it with the environment that the engine gave us. Throws <see cref="Columnar.CodedException"/> MLS4316.</summary>
    public static PythonDaemon Start(string python, WorkerSettings settings)
    {
        ProcessStartInfo start = new(python) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in (ReadOnlySpan<string>)["-m", "pyspark.daemon", "pyspark.worker"]) start.ArgumentList.Add(argument);
        start.Environment[ForeignLaunch.Marker] = "1";
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw WorkerErrors.PythonMissing(python, e.Message, e);
        }
        // A Python that never says where it listens is ended, which ends the wait for it.
        using Timer limit = new(static state => ((Process)state!).Kill(), process, TimeSpan.FromSeconds(StartSeconds), Timeout.InfiniteTimeSpan);
        try
        {
            var output = process.StandardOutput.BaseStream;
            var address = ReadAddress(output, settings);
            new Thread(() => PassOn(output)) { IsBackground = true, Name = "Python's output" }.Start();
            WorkerLog.Info($"{python} serves Python functions, process {process.Id}");
            return new(settings, python, process, address);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            process.Kill();
            throw WorkerErrors.PythonMissing(python, "it did not say where it listens; its messages are in the executor's log", e);
        }
    }

    /// <summary>Opens a connection that takes tasks. Throws <see cref="Columnar.CodedException"/> MLS4316.</summary>
    public PythonConnection Connect()
    {
        Socket socket = _address.AddressFamily == AddressFamily.Unix ? new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new(_address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (_address.AddressFamily != AddressFamily.Unix) socket.NoDelay = true;
            socket.ReceiveTimeout = StartSeconds * 1_000;
            socket.Connect(_address);
            using NetworkStream stream = new(socket, ownsSocket: false);
            int process = ReadInt32(stream);
            if (process < 0) throw new InvalidDataException($"it could not make a worker ({process})");
            if (_settings.Secret is { } secret) Authenticate(stream, secret);
            socket.ReceiveTimeout = 0;
            return new(this, socket, process);
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidDataException)
        {
            socket.Dispose();
            throw WorkerErrors.PythonMissing(_python, e.Message, e);
        }
    }

    /// <summary>Asks the daemon to end one of its workers.</summary>
    public void End(int worker)
    {
        byte[] number = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(number, worker);
        lock (_gate)
        {
            try
            {
                _process.StandardInput.BaseStream.Write(number);
                _process.StandardInput.BaseStream.Flush();
            }
            catch (IOException e)
            {
                WorkerLog.Warning($"The Python daemon no longer listens: {e.Message}");
            }
        }
    }

    /// <summary>Closes the daemon's standard input, at which it ends.</summary>
    public void Dispose() => _process.Dispose();

    private static EndPoint ReadAddress(Stream output, WorkerSettings settings)
    {
        int number = ReadInt32(output);
        if (settings.Secret is not null)
            return number is > 0 and <= 65_535 ? new IPEndPoint(settings.PreferIpv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, number) : throw new InvalidDataException($"{number} is no port");
        if (number is <= 0 or > PathLimit) throw new InvalidDataException($"{number} is no length of a path");
        byte[] path = new byte[number];
        output.ReadExactly(path);
        return new UnixDomainSocketEndPoint(Encoding.UTF8.GetString(path));
    }

    private static void Authenticate(Stream stream, byte[] secret)
    {
        byte[] message = new byte[sizeof(int) + secret.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, secret.Length);
        secret.CopyTo(message, sizeof(int));
        stream.Write(message);
        byte[] answer = new byte[sizeof(int) + 2];
        stream.ReadExactly(answer);
        if (!answer.AsSpan(sizeof(int)).SequenceEqual("ok"u8)) throw new InvalidDataException("it did not accept the engine's secret");
    }

    private static int ReadInt32(Stream stream)
    {
        byte[] bytes = new byte[sizeof(int)];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    // The engine copies our output line by line into its log, and finds Python's log records in it.
    private static void PassOn(Stream output)
    {
        try
        {
            using FileStream own = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            output.CopyTo(own);
        }
        catch (IOException e)
        {
            WorkerLog.Warning($"What Python prints can no longer be passed on: {e.Message}");
        }
    }
}
