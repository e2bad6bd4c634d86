using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace MlSql.Models.Format;

/// <summary>Reads what <see cref="FormatWriter"/> wrote. Trusts nothing: every length is held against the bytes that are left before anything is allocated.</summary>
internal ref struct FormatReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _left = bytes;

    public readonly int Left => _left.Length;

    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > _left.Length) throw ModelErrors.Malformed($"{length} bytes are announced where {_left.Length} are left");
        ReadOnlySpan<byte> taken = _left[..length];
        _left = _left[length..];
        return taken;
    }

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        byte other => throw ModelErrors.Malformed($"{other} stands where 0 or 1 is expected"),
    };

    public uint Number() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    /// <summary>A number that <see cref="FormatWriter.Count"/> wrote.</summary>
    public int Index()
    {
        uint value = Number();
        return value <= int.MaxValue ? (int)value : throw ModelErrors.Malformed($"index {value} is out of range");
    }

    public ulong Word() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    /// <summary>A number of things that follow, each of at least <paramref name="leastBytes"/>: never more than can be there.</summary>
    public int Count(int leastBytes)
    {
        uint count = Number();
        if (count > (uint)(_left.Length / leastBytes)) throw ModelErrors.Malformed($"{count} items are announced where {_left.Length} bytes are left");
        return (int)count;
    }

    public double Real() => BitConverter.Int64BitsToDouble(BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long))));

    public ImmutableArray<double> Reals()
    {
        int count = Count(sizeof(double));
        var values = ImmutableArray.CreateBuilder<double>(count);
        for (int i = 0; i < count; i++) values.Add(Real());
        return values.MoveToImmutable();
    }

    public string Text()
    {
        try
        {
            return Utf8.GetString(Take(Count(1)));
        }
        catch (DecoderFallbackException)
        {
            throw ModelErrors.Malformed("a text is not valid UTF-8");
        }
    }

    public FormatReader Section(uint id)
    {
        uint found = Number();
        return found == id ? new(Take(Count(1))) : throw ModelErrors.Malformed($"section {found} stands where section {id} is expected");
    }

    public readonly void End()
    {
        if (!_left.IsEmpty) throw ModelErrors.Malformed($"{_left.Length} bytes too many");
    }
}
