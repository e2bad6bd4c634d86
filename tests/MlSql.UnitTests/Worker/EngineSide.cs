using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MlSql.Worker.Launch;
using MlSql.Worker.Serving;

namespace MlSql.UnitTests.Worker;

/// <summary>A connection whose other end is served by the worker in this process; the test is the engine.</summary>
internal sealed class EngineSide : IDisposable
{
    private readonly Socket _socket;
    private readonly Thread _served;

    public EngineSide(WorkerProcess? process = null)
    {
        Process = process ?? new(new WorkerSettings { Secret = "s"u8.ToArray(), Reuse = true });
        (_socket, var served) = Pair();
        _served = new Thread(() => new Connection(served, Process).Serve());
        _served.Start();
        Stream = new NetworkStream(_socket, ownsSocket: true) { ReadTimeout = 20_000, WriteTimeout = 20_000 };
    }

    public WorkerProcess Process { get; }

    public NetworkStream Stream { get; }

    /// <summary>Opens the connection as the engine does, and gives the process that answered.</summary>
    public int Open(string secret = "s")
    {
        int process = ReadInt32();
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, secret.Length);
        Stream.Write(length);
        Stream.Write(System.Text.Encoding.ASCII.GetBytes(secret));
        return process;
    }

    /// <summary>As <see cref="Open"/>; fails when the connection is not accepted.</summary>
    public EngineSide Opened()
    {
        Assert.That(Open(), Is.EqualTo(Environment.ProcessId));
        Assert.That(ReadBytes(6), Is.EqualTo("\0\0\0\u0002ok"u8.ToArray()));
        return this;
    }

    /// <summary>Sends the bytes of a task, from another thread so that neither side waits for the other, and reads the answer.</summary>
    public Answer Run(byte[] task)
    {
        Send(task);
        return Answer.Read(Stream);
    }

    public void Send(byte[] bytes) => new Thread(() =>
    {
        try
        {
            Stream.Write(bytes);
        }
        catch (IOException)
        {
            // The worker need not read what follows a mistake.
        }
    })
    { IsBackground = true }.Start();

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(ReadBytes(4));

    public byte[] ReadBytes(int count)
    {
        byte[] bytes = new byte[count];
        Stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>True when the worker ends its side within the time.</summary>
    public bool Ends(TimeSpan within) => _served.Join(within);

    /// <summary>Says that nothing more will be sent.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => Stream.Dispose();

    /// <summary>Both ends of a connection within this machine.</summary>
    public static (Socket Ours, Socket Theirs) Pair()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        Socket ours = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        ours.Connect(listener.LocalEndPoint!);
        return (ours, listener.Accept());
    }
}
