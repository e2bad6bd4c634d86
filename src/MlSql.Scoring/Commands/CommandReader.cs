using System.Buffers.Binary;
using System.Text;

namespace MlSql.Scoring.Commands;

/// <summary>Reads what <see cref="CommandWriter"/> wrote. Trusts nothing: every length is held against the bytes that are left before anything is allocated.</summary>
internal ref struct CommandReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _left = bytes;

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        byte other => throw CommandErrors.Malformed($"{other} stands where 0 or 1 is expected"),
    };

    public int Whole() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int))) is >= 0 and var value ? value : throw CommandErrors.Malformed("a number is negative");

    public long Length() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long))) is >= 0 and var value ? value : throw CommandErrors.Malformed("a length is negative");

    public double Real() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    /// <summary>A number of things that follow, each of at least <paramref name="leastBytes"/>: never more than can be there.</summary>
    public int Count(int leastBytes) => Whole() is var count && count <= _left.Length / leastBytes ? count : throw CommandErrors.Malformed($"{count} items are announced where {_left.Length} bytes are left");

    public string Text()
    {
        try
        {
            return Utf8.GetString(Take(Whole()));
        }
        catch (DecoderFallbackException)
        {
            throw CommandErrors.Malformed("a text is not valid UTF-8");
        }
    }

    public readonly void End()
    {
        if (!_left.IsEmpty) throw CommandErrors.Malformed($"{_left.Length} bytes too many");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _left.Length) throw CommandErrors.Malformed($"{length} bytes are announced where {_left.Length} are left");
        var taken = _left[..length];
        _left = _left[length..];
        return taken;
    }
}
