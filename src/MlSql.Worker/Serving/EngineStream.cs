using System.Buffers.Binary;
using System.Net.Sockets;

namespace MlSql.Worker.Serving;

/// <summary>The bytes of one connection with the engine, buffered both ways. Reads block until there are bytes; a connection that ended gives none, one that broke throws <see cref="SocketException"/> inside <see cref="IOException"/>.</summary>
internal sealed class EngineStream : Stream
{
    private const int InputBytes = 64 << 10;
    private const int OutputBytes = 16 << 10;
    private const int BlockStep = 1 << 20;
    private const int TcpLevel = 6;
    private const int QuickAck = 12;

    private readonly Socket _socket;
    private readonly bool _quickAcks;
    private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(InputBytes, pinned: true);
    private readonly byte[] _output = GC.AllocateUninitializedArray<byte>(OutputBytes, pinned: true);
    private int _at;
    private int _end;
    private int _pending;
    private long _lastWrite = Environment.TickCount64;

    public EngineStream(Socket socket)
    {
        _socket = socket;
        bool tcp = socket.AddressFamily != AddressFamily.Unix;
        // The engine sends a task in small pieces and waits for each to be acknowledged: without this a task takes 40 ms for nothing.
        _quickAcks = tcp && OperatingSystem.IsLinux();
        if (tcp) socket.NoDelay = true;
    }

    /// <summary>Milliseconds since the start of the machine when bytes were last sent.</summary>
    public long LastWrite => Volatile.Read(ref _lastWrite);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The next four bytes as a number. Throws <see cref="EndOfStreamException"/>.</summary>
    public int ReadInt32()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    /// <summary>As <see cref="ReadInt32"/>; false where the other side closed the connection before the first of the four bytes.</summary>
    public bool TryReadInt32(out int value)
    {
        value = 0;
        if (_at == _end && !Fill()) return false;
        value = ReadInt32();
        return true;
    }

    /// <summary>So many bytes, behind some that are left free. Memory grows with what arrives, whatever is announced. Throws <see cref="EndOfStreamException"/>.</summary>
    public byte[] ReadBlock(int length, int free = 0)
    {
        byte[] block = new byte[free + Math.Min(length, BlockStep)];
        int filled = free, total = checked(free + length);
        while (true)
        {
            ReadExactly(block.AsSpan(filled));
            filled = block.Length;
            if (filled == total) return block;
            Array.Resize(ref block, (int)Math.Min(total, 2L * block.Length));
        }
    }

    /// <summary>What was received but not read yet; from now on it counts as read.</summary>
    public byte[] TakeReceived()
    {
        byte[] taken = _input.AsSpan(_at, _end - _at).ToArray();
        _at = _end;
        return taken;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_at == _end)
        {
            if (buffer.Length >= _input.Length) return Receive(buffer);
            if (!Fill()) return 0;
        }
        int count = Math.Min(buffer.Length, _end - _at);
        _input.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public void WriteInt32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        Write(bytes);
    }

    public void WriteInt64(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        Write(bytes);
    }

    /// <summary>Writes the length of some bytes and then those.</summary>
    public void WriteBlock(ReadOnlySpan<byte> bytes)
    {
        WriteInt32(bytes.Length);
        Write(bytes);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > _output.Length - _pending) Flush();
        if (buffer.Length > _output.Length)
        {
            Send(buffer);
            return;
        }
        buffer.CopyTo(_output.AsSpan(_pending));
        _pending += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        if (_pending == 0) return;
        int length = _pending;
        _pending = 0;
        Send(_output.AsSpan(0, length));
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private bool Fill()
    {
        _at = 0;
        _end = Receive(_input);
        return _end > 0;
    }

    private int Receive(Span<byte> buffer)
    {
        try
        {
            // Not sticky: the system falls back to delayed acknowledgements by itself.
            if (_quickAcks) _socket.SetRawSocketOption(TcpLevel, QuickAck, [1, 0, 0, 0]);
            return _socket.Receive(buffer);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException("The connection with the engine broke.", e);
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[_socket.Send(bytes)..];
                Volatile.Write(ref _lastWrite, Environment.TickCount64);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException("The connection with the engine broke.", e);
        }
    }
}
