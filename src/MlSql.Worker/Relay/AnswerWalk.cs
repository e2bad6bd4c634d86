using System.Buffers.Binary;
using MlSql.Worker.Tasks;

namespace MlSql.Worker.Relay;

/// <summary>How the answer of a task ended.</summary>
internal enum AnswerEnd
{
    /// <summary>There is more to come.</summary>
    None,

    /// <summary>The connection can take the next task.</summary>
    Reusable,

    /// <summary>The engine closes the connection: the task failed, or stopped early.</summary>
    Final,
}

/// <summary>Finds the end of a task's answer in bytes that pass by, piece after piece. Keeps no more of them than the metadata of an Arrow message.</summary>
internal sealed class AnswerWalk(int timingNumbers)
{
    private const int MetadataLimit = 64 << 20;

    private byte[] _kept = new byte[256];
    private int _filled;
    private int _needed = sizeof(int);
    private long _skip;
    private Expect _expect = Expect.Mark;
    private int _updates;

    private enum Expect
    {
        Mark,
        Message,
        Metadata,
        FailureLength,
        Failure,
        Updates,
        UpdateLength,
        Last,
    }

    /// <summary>How the answer ended; <see cref="AnswerEnd.None"/> while it goes on.</summary>
    public AnswerEnd End { get; private set; }

    /// <summary>Follows the answer and gives how many of the bytes belong to it: all, unless it ends among them. Throws <see cref="Columnar.CodedException"/> MLS4317 for bytes that no answer has.</summary>
    public int Follow(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (End == AnswerEnd.None)
        {
            int skipped = (int)Math.Min(_skip, bytes.Length - at);
            _skip -= skipped;
            at += skipped;
            if (_skip > 0) return at;
            if (_expect == Expect.Failure)
            {
                End = AnswerEnd.Final;
                return at;
            }
            int taken = Math.Min(_needed - _filled, bytes.Length - at);
            bytes.Slice(at, taken).CopyTo(_kept.AsSpan(_filled));
            _filled += taken;
            at += taken;
            if (_filled < _needed) return at;
            _filled = 0;
            Step(_kept.AsSpan(0, _needed));
        }
        return at;
    }

    private void Step(ReadOnlySpan<byte> piece)
    {
        switch (_expect)
        {
            case Expect.Mark:
                StepOver(BinaryPrimitives.ReadInt32BigEndian(piece));
                break;
            case Expect.Message:
                int length = BinaryPrimitives.ReadInt32LittleEndian(piece[sizeof(int)..]);
                if (BinaryPrimitives.ReadInt32LittleEndian(piece) != -1 || length is < 0 or > MetadataLimit) throw WorkerErrors.PythonLost("its Arrow stream is not well-formed");
                if (length == 0) Next(Expect.Mark, sizeof(int));
                else Next(Expect.Metadata, length);
                break;
            case Expect.Metadata:
                _skip = BodyLength(piece);
                Next(Expect.Message, 2 * sizeof(int));
                break;
            case Expect.FailureLength:
                _skip = Length(piece);
                Next(Expect.Failure, 0);
                break;
            case Expect.Updates:
                _updates = Length(piece);
                NextUpdate();
                break;
            case Expect.UpdateLength:
                _skip = Length(piece);
                _updates--;
                NextUpdate();
                break;
            case Expect.Last:
                End = BinaryPrimitives.ReadInt32BigEndian(piece) == Marks.EndOfStream ? AnswerEnd.Reusable : AnswerEnd.Final;
                break;
        }
    }

    private void StepOver(int mark)
    {
        switch (mark)
        {
            case Marks.StartOfArrow:
                Next(Expect.Message, 2 * sizeof(int));
                break;
            case Marks.Timing:
                _skip = (long)timingNumbers * sizeof(long);
                break;
            case Marks.Failed:
                Next(Expect.FailureLength, sizeof(int));
                break;
            case Marks.EndOfData:
                Next(Expect.Updates, sizeof(int));
                break;
            case Marks.Null:
                break;
            case >= 0:
                _skip = mark;
                break;
            default:
                throw WorkerErrors.PythonLost($"its answer has an unknown mark, {mark}");
        }
    }

    private void NextUpdate() => Next(_updates > 0 ? Expect.UpdateLength : Expect.Last, sizeof(int));

    private void Next(Expect expect, int needed)
    {
        (_expect, _needed) = (expect, needed);
        if (needed > _kept.Length) _kept = new byte[needed];
    }

    private static int Length(ReadOnlySpan<byte> piece) => BinaryPrimitives.ReadInt32BigEndian(piece) is >= 0 and var length ? length : throw WorkerErrors.PythonLost("its answer has a negative length");

    // The message is a flatbuffers table; the length of the body is its fourth field.
    private static long BodyLength(ReadOnlySpan<byte> metadata)
    {
        const int Slot = 2 * sizeof(short) + 3 * sizeof(short);
        if (TryInt32(metadata, 0, out int root) && TryInt32(metadata, root, out int back) && TryUInt16(metadata, (long)root - back, out int size))
        {
            if (size < Slot + sizeof(short)) return 0;
            if (TryUInt16(metadata, (long)root - back + Slot, out int offset))
            {
                if (offset == 0) return 0;
                if (root + (long)offset + sizeof(long) <= metadata.Length && BinaryPrimitives.ReadInt64LittleEndian(metadata[(root + offset)..]) is >= 0 and var length) return length;
            }
        }
        throw WorkerErrors.PythonLost("its Arrow stream is not well-formed");
    }

    private static bool TryInt32(ReadOnlySpan<byte> bytes, long at, out int value)
    {
        bool inside = at >= 0 && at <= bytes.Length - sizeof(int);
        value = inside ? BinaryPrimitives.ReadInt32LittleEndian(bytes[(int)at..]) : 0;
        return inside;
    }

    private static bool TryUInt16(ReadOnlySpan<byte> bytes, long at, out int value)
    {
        bool inside = at >= 0 && at <= bytes.Length - sizeof(ushort);
        value = inside ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[(int)at..]) : 0;
        return inside;
    }
}
