using System.Buffers.Binary;

namespace MlSql.Models.Onnx.Protobuf;

/// <summary>
/// Goes over the fields of one message within a file; offsets are the file's. Every length is checked against the message's end; nothing is copied.
/// </summary>
internal ref struct ProtobufReader
{
    private const int LongestVarint = 10;
    private const int HighestNumber = (1 << 29) - 1;
    private const uint FieldsBetweenLooks = 1 << 12;
    private readonly ReadOnlySpan<byte> _file;
    private readonly int _end;
    private readonly CancellationToken _cancel;
    private uint _fields;

    public ProtobufReader(ReadOnlySpan<byte> file, Slice message, CancellationToken cancel)
    {
        _file = file;
        _cancel = cancel;
        Position = message.Start;
        _end = message.End;
    }

    /// <summary>Where the next field starts; a message may be read on from here.</summary>
    public int Position { get; private set; }

    /// <summary>Where the current field starts with its tag.</summary>
    public int Start { get; private set; }

    /// <summary>The current field's number; 0 when its tag could not be read.</summary>
    public int Number { get; private set; }

    /// <summary>The current field's encoding.</summary>
    public WireType Wire { get; private set; }

    /// <summary>The value of a field that is not of type <see cref="WireType.Bytes"/>.</summary>
    public ulong Value { get; private set; }

    /// <summary>Where the value of a field lies, without its tag and length.</summary>
    public Slice Content { get; private set; }

    /// <summary>Goes to the next field; false at the message's end.</summary>
    public bool Next()
    {
        if (Position == _end) return false;
        if (++_fields % FieldsBetweenLooks == 0) _cancel.ThrowIfCancellationRequested();
        Start = Position;
        Number = 0;
        ulong tag = Varint();
        if (tag >> 3 is 0 or > HighestNumber) throw Malformed("no field has this number");
        Number = (int)(tag >> 3);
        Wire = (WireType)(tag & 7);
        switch (Wire)
        {
            case WireType.Varint:
                int at = Position;
                Value = Varint();
                Content = new(at, Position - at);
                return true;
            case WireType.Fixed64:
                Content = Take(sizeof(ulong));
                Value = BinaryPrimitives.ReadUInt64LittleEndian(Content.Of(_file));
                return true;
            case WireType.Fixed32:
                Content = Take(sizeof(uint));
                Value = BinaryPrimitives.ReadUInt32LittleEndian(Content.Of(_file));
                return true;
            case WireType.Bytes:
                Content = Take(Varint());
                return true;
            default:
                throw Malformed("no field has this encoding");
        }
    }

    /// <summary>True when the current field is this one, encoded so.</summary>
    public readonly bool Is(int number, WireType wire) => Number == number && Wire == wire;

    /// <summary>Reads one varint where the reader stands: for the elements of a packed field.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < LongestVarint; i++)
        {
            if (Position == _end) throw Malformed("a number is cut off");
            byte b = _file[Position++];
            value |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80) return value;
        }
        throw Malformed("a number is too long");
    }

    private Slice Take(ulong length)
    {
        if (length > (ulong)(_end - Position)) throw Malformed($"a field of {length} bytes, where {_end - Position} are left");
        Slice taken = new(Position, (int)length);
        Position += (int)length;
        return taken;
    }

    private readonly MalformedProtobufException Malformed(string what) => new(what, Start);
}
