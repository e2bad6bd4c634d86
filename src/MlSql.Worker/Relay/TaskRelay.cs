using System.Net.Sockets;
using MlSql.Worker.Interop;

namespace MlSql.Worker.Relay;

/// <summary>
/// Carries one task from the engine to Python and its answer back. One thread moves both directions, never blocked by one of them, and stops exactly at the end of the answer: the engine may send the next task at once.
/// </summary>
internal sealed class TaskRelay(Socket engine, Socket python, int timingNumbers)
{
    private const int BufferBytes = 256 << 10;
    private const int WaitMilliseconds = 500;

    private readonly Flow _forward = new(engine, python);
    private readonly Flow _back = new(python, engine);
    private readonly AnswerWalk _walk = new(timingNumbers);

    /// <summary>True once a byte of the answer came, behind which no error of ours can be told any more.</summary>
    public bool HasAnswer => _back.EverTook;

    /// <summary>
    /// Moves bytes until the answer ended; <paramref name="first"/> goes to Python before anything else. Throws <see cref="Columnar.CodedException"/> MLS4317 where Python breaks off,
    /// <see cref="IOException"/> where the engine is gone, <see cref="OperationCanceledException"/>.
    /// </summary>
    public AnswerEnd Run(ReadOnlyMemory<byte> first, CancellationToken cancel)
    {
        engine.Blocking = python.Blocking = false;
        try
        {
            _forward.Put(first);
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                bool listens = _back.CanTake && _walk.End == AnswerEnd.None;
                Span<PollEntry> entries =
                [
                    new() { Descriptor = (int)engine.Handle, Wanted = Wanted(_forward.CanTake, _back.HasBytes) },
                    // A negative number is passed over; a socket that broke would be seen again and again.
                    new() { Descriptor = listens || _forward.HasBytes ? (int)python.Handle : -1, Wanted = Wanted(listens, _forward.HasBytes) },
                ];
                entries[0].Wanted |= Posix.Ends;
                Posix.Wait(entries, WaitMilliseconds);
                if (Posix.IsEnd(entries[0].Seen)) throw new IOException("The engine closed the connection.");
                if ((entries[0].Seen & Posix.Readable) != 0 && !_forward.Take()) throw new IOException("The engine closed the connection.");
                if (listens && (entries[1].Seen & ~Posix.Writable) != 0) TakeAnswer();
                if (_forward.HasBytes && !_forward.Give()) _forward.Drop();
                if (_back.HasBytes && !_back.Give()) throw new IOException("The engine closed the connection.");
                if (_walk.End != AnswerEnd.None && !_back.HasBytes) return _walk.End;
            }
        }
        finally
        {
            engine.Blocking = true;
        }
    }

    private static short Wanted(bool reads, bool writes) => (reads, writes) switch
    {
        (true, true) => Posix.Readable | Posix.Writable,
        (true, false) => Posix.Readable,
        (false, true) => Posix.Writable,
        _ => 0,
    };

    private void TakeAnswer()
    {
        if (!_back.Take()) throw WorkerErrors.PythonLost("it closed the connection");
        int fresh = _back.Fresh.Length;
        if (_walk.Follow(_back.Fresh) < fresh) throw WorkerErrors.PythonLost("its answer goes on behind its end");
    }

    /// <summary>One direction: a buffer that is filled from one socket and emptied into the other.</summary>
    private sealed class Flow(Socket from, Socket to)
    {
        private byte[] _buffer = new byte[BufferBytes];
        private int _start;
        private int _end;
        private int _fresh;

        public bool HasBytes => _end > _start;

        public bool CanTake => _end < _buffer.Length || _start > 0;

        public bool EverTook { get; private set; }

        /// <summary>What the last take brought.</summary>
        public ReadOnlySpan<byte> Fresh => _buffer.AsSpan(_end - _fresh, _fresh);

        public void Put(ReadOnlyMemory<byte> bytes)
        {
            if (bytes.Length > _buffer.Length) _buffer = new byte[bytes.Length];
            bytes.CopyTo(_buffer);
            (_start, _end) = (0, bytes.Length);
        }

        /// <summary>Takes what there is; false when the other side closed the connection or broke it.</summary>
        public bool Take()
        {
            if (_start == _end) _start = _end = 0;
            else if (_end == _buffer.Length)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }
            _fresh = 0;
            if (_end == _buffer.Length) return true;
            int count = from.Receive(_buffer.AsSpan(_end), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) return true;
            if (error != SocketError.Success || count == 0) return false;
            EverTook = true;
            (_end, _fresh) = (_end + count, count);
            return true;
        }

        /// <summary>Gives what is wanted; false when the other side closed the connection or broke it.</summary>
        public bool Give()
        {
            int count = to.Send(_buffer.AsSpan(_start, _end - _start), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) return true;
            if (error != SocketError.Success) return false;
            _start += count;
            return true;
        }

        public void Drop() => _start = _end = 0;
    }
}
