using System.Buffers.Binary;
using System.Text;

namespace MlSql.Models.Boosters;

/// <summary>
/// Reads UBJSON (Universal Binary JSON, draft 12) with typed arrays, which is XGBoost's binary form: big-endian, a marker before each value, before the elements of a typed array only one. What is allocated is bounded by the bytes.
/// </summary>
internal ref struct UbjReader(ReadOnlySpan<byte> bytes, BoosterErrors errors, CancellationToken cancel)
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>The outermost value. Throws MLS7201 and MLS7202.</summary>
    public XgBoostNode Read()
    {
        XgBoostNode root = Value(Marker(), 0);
        return _at == _bytes.Length ? root : throw errors.Malformed("something follows the model");
    }

    private XgBoostNode Value(byte marker, int depth)
    {
        if (depth > XgBoostNode.MaxDepth) throw errors.Malformed($"values lie deeper than {XgBoostNode.MaxDepth} in each other");
        return marker switch
        {
            (byte)'{' => Members(depth),
            (byte)'[' => Items(depth),
            (byte)'S' or (byte)'H' => new XgBoostNode.Text(Text(Length())),
            (byte)'C' => new XgBoostNode.Text(Text(1)),
            (byte)'Z' => new XgBoostNode.Nothing(),
            (byte)'T' => new XgBoostNode.Number(1),
            (byte)'F' => new XgBoostNode.Number(0),
            _ => new XgBoostNode.Number(Number(marker, Take(Size(marker)))),
        };
    }

    private XgBoostNode.Members Members(int depth)
    {
        var members = new Dictionary<string, XgBoostNode>(StringComparer.Ordinal);
        if (Peek() is (byte)'$' or (byte)'#') throw errors.Malformed($"a counted object stands at byte {_at}; XGBoost writes none");
        while (true)
        {
            if (Peek() == '}')
            {
                _at++;
                return new(members);
            }
            string name = Text(Length());
            if (!members.TryAdd(name, Value(Marker(), depth + 1))) throw errors.Malformed($"{BoosterErrors.Shown(name)} is there twice");
        }
    }

    private XgBoostNode Items(int depth)
    {
        cancel.ThrowIfCancellationRequested();
        byte type = 0;
        if (Peek() == '$')
        {
            _at++;
            type = Marker();
        }
        if (Peek() == '#')
        {
            _at++;
            int count = Length();
            return type == 0 ? Counted(count, depth) : Typed(type, count);
        }
        if (type != 0) throw errors.Malformed($"a typed array without a count stands at byte {_at}");
        List<XgBoostNode> items = [];
        while (Peek() != ']') items.Add(Value(Marker(), depth + 1));
        _at++;
        return XgBoostNode.OfItems(items);
    }

    private XgBoostNode Counted(int count, int depth)
    {
        List<XgBoostNode> items = [];
        for (int i = 0; i < count; i++) items.Add(Value(Marker(), depth + 1));
        return XgBoostNode.OfItems(items);
    }

    private XgBoostNode Typed(byte type, int count)
    {
        int size = Size(type);
        if ((long)count * size > _bytes.Length - _at) throw errors.Cut(FormattableString.Invariant($"{count} numbers are announced at byte {_at}"));
        if (count == 0) return new XgBoostNode.Items([]);
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) numbers[i] = Number(type, Take(size));
        return new XgBoostNode.Numbers(numbers);
    }

    private readonly int Size(byte marker) => marker switch
    {
        (byte)'i' or (byte)'U' => 1,
        (byte)'I' => 2,
        (byte)'l' or (byte)'d' => 4,
        (byte)'L' or (byte)'D' => 8,
        _ => throw errors.Malformed(FormattableString.Invariant($"no value begins with byte {marker} at {_at}")),
    };

    private static double Number(byte marker, ReadOnlySpan<byte> bytes) => marker switch
    {
        (byte)'i' => (sbyte)bytes[0],
        (byte)'U' => bytes[0],
        (byte)'I' => BinaryPrimitives.ReadInt16BigEndian(bytes),
        (byte)'l' => BinaryPrimitives.ReadInt32BigEndian(bytes),
        (byte)'L' => BinaryPrimitives.ReadInt64BigEndian(bytes),
        (byte)'d' => BinaryPrimitives.ReadSingleBigEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleBigEndian(bytes),
    };

    private int Length()
    {
        byte marker = Marker();
        if (marker is (byte)'d' or (byte)'D') throw errors.Malformed($"a length that is no whole number stands at byte {_at}");
        double length = Number(marker, Take(Size(marker)));
        return length >= 0 && length <= _bytes.Length - _at ? (int)length : throw errors.Cut($"{length} are announced at byte {_at}");
    }

    private string Text(int length)
    {
        try
        {
            return Utf8.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw errors.Malformed("a text is not valid UTF-8");
        }
    }

    // Padding may stand before any value.
    private byte Marker()
    {
        while (Peek() == 'N') _at++;
        return Take(1)[0];
    }

    private readonly byte Peek() => _at < _bytes.Length ? _bytes[_at] : throw errors.Cut($"a value is missing at byte {_at}");

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _bytes.Length - _at) throw errors.Cut($"{length} bytes are missing at byte {_at}");
        ReadOnlySpan<byte> taken = _bytes.Slice(_at, length);
        _at += length;
        return taken;
    }
}
