using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MlSql.Worker.Tasks;

namespace MlSql.Worker.Barrier;

/// <summary>Lets the tasks of a barrier stage wait for each other and exchange texts through the engine. A call takes about a second, whatever it carries; a task makes one at a time.</summary>
internal sealed class BarrierClient(TaskContext context, bool preferIpv6)
{
    private const int Wait = 1;
    private const int Gather = 2;
    private const int ReplyLimit = 256 << 20;

    /// <summary>Returns when every task of the stage has called it. Throws <see cref="Columnar.CodedException"/> MLS4314 or MLS4315, <see cref="OperationCanceledException"/>.</summary>
    public void Barrier(CancellationToken cancel) => Call(null, cancel);

    /// <summary>Gives the texts of all tasks of the stage, in the order of their partitions. Throws as <see cref="Barrier"/>.</summary>
    public ImmutableArray<string> AllGather(string text, CancellationToken cancel) => Call(text, cancel);

    private ImmutableArray<string> Call(string? text, CancellationToken cancel)
    {
        if (!context.IsBarrier || context is { BarrierPort: null, BarrierPath: null }) throw WorkerErrors.NoBarrier();
        cancel.ThrowIfCancellationRequested();
        using var socket = context.BarrierPath is not null ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        // The engine answers when the last task has called: only closing the socket ends the wait.
        using var stop = cancel.UnsafeRegister(static state => ((Socket)state!).Dispose(), socket);
        try
        {
            socket.Connect(context.BarrierPath is { } path ? new UnixDomainSocketEndPoint(path) : new IPEndPoint(preferIpv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, context.BarrierPort!.Value));
            if (context.BarrierPath is null)
            {
                socket.NoDelay = true;
                Authenticate(socket);
            }
            socket.Send(Request(text));
            return Parse(ReadToEnd(socket));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            cancel.ThrowIfCancellationRequested();
            throw WorkerErrors.Meeting(e.Message, e);
        }
    }

    private void Authenticate(Socket socket)
    {
        byte[] secret = Encoding.UTF8.GetBytes(context.Secret ?? ""), message = new byte[sizeof(int) + secret.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, secret.Length);
        secret.CopyTo(message, sizeof(int));
        socket.Send(message);
        Span<byte> answer = stackalloc byte[sizeof(int) + 2];
        int filled = 0;
        while (filled < answer.Length && socket.Receive(answer[filled..]) is > 0 and var count) filled += count;
        if (filled < answer.Length || !answer[sizeof(int)..].SequenceEqual("ok"u8)) throw WorkerErrors.Meeting("the engine did not accept the secret that it gave");
    }

    private static byte[] Request(string? text)
    {
        byte[] bytes = text is null ? [] : Encoding.UTF8.GetBytes(text), request = new byte[sizeof(int) + (text is null ? 0 : sizeof(int)) + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(request, text is null ? Wait : Gather);
        if (text is null) return request;
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(sizeof(int)), bytes.Length);
        bytes.CopyTo(request, 2 * sizeof(int));
        return request;
    }

    private static byte[] ReadToEnd(Socket socket)
    {
        byte[] reply = new byte[4_096];
        int filled = 0;
        while (true)
        {
            if (filled == reply.Length)
            {
                if (filled >= ReplyLimit) throw WorkerErrors.Meeting("the texts of all tasks together are too long");
                Array.Resize(ref reply, 2 * filled);
            }
            int count = socket.Receive(reply.AsSpan(filled));
            if (count == 0) return reply[..filled];
            filled += count;
        }
    }

    /// <summary>A reply is a number of texts and exactly so many; an error is one text, so that its length stands where the number is expected.</summary>
    internal static ImmutableArray<string> Parse(ReadOnlySpan<byte> reply)
    {
        if (reply.Length < sizeof(int)) throw WorkerErrors.Meeting("the engine closed the connection");
        int count = BinaryPrimitives.ReadInt32BigEndian(reply);
        var left = reply[sizeof(int)..];
        if (count >= 0 && count <= left.Length / sizeof(int))
        {
            var texts = ImmutableArray.CreateBuilder<string>(count);
            for (var rest = left; ;)
            {
                if (texts.Count == count && rest.IsEmpty) return texts.MoveToImmutable();
                if (texts.Count == count || rest.Length < sizeof(int)) break;
                int length = BinaryPrimitives.ReadInt32BigEndian(rest);
                if (length < 0 || length > rest.Length - sizeof(int)) break;
                texts.Add(Encoding.UTF8.GetString(rest.Slice(sizeof(int), length)));
                rest = rest[(sizeof(int) + length)..];
            }
        }
        throw WorkerErrors.Meeting(Encoding.UTF8.GetString(left));
    }
}
