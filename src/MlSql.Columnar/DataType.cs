using System.Collections.Immutable;

namespace MlSql.Columnar;

/// <summary>The type of a column, independent of any engine. A closed family: a consumer is one switch.</summary>
public abstract record DataType
{
    private protected DataType() { }

    /// <summary>Prints the type as SQL spells it.</summary>
    public sealed override string ToString() => TypeNames.Of(this);
}

/// <summary>The type of a bare NULL.</summary>
public sealed record NullType : DataType;

/// <summary>True or false; one byte a value.</summary>
public sealed record BooleanType : DataType;

/// <summary>A two's-complement or unsigned integer of 8, 16, 32, 64 or 128 bits.</summary>
public sealed record IntegerType(int Bits, bool Signed) : DataType;

/// <summary>An IEEE 754 number of 32 or 64 bits.</summary>
public sealed record FloatType(int Bits) : DataType;

/// <summary>An exact decimal of at most 38 digits; stored unscaled in 16, 32, 64 or 128 bits by <paramref name="Precision"/> (4, 9, 18, 38 digits).</summary>
public sealed record DecimalType(int Precision, int Scale) : DataType;

/// <summary>UTF-8 text.</summary>
public sealed record StringType : DataType;

/// <summary>Bytes.</summary>
public sealed record BinaryType : DataType;

/// <summary>Days since 1970-01-01 in 32 bits.</summary>
public sealed record DateType : DataType;

/// <summary>Time of day in 64 bits.</summary>
public sealed record TimeType(TimeUnit Unit) : DataType;

/// <summary>Time of day with an offset from UTC, as the engine packs it into 64 bits.</summary>
public sealed record OffsetTimeType : DataType;

/// <summary>Units since 1970-01-01 00:00 in 64 bits; an instant when <paramref name="Zoned"/>, else a local time.</summary>
public sealed record TimestampType(TimeUnit Unit, bool Zoned) : DataType;

/// <summary>Months, days and microseconds: 4, 4 and 8 bytes.</summary>
public sealed record IntervalType : DataType;

/// <summary>A 128-bit identifier, big-endian order kept in an <see cref="Int128"/> with the top bit flipped.</summary>
public sealed record UuidType : DataType;

/// <summary>One of a fixed list of texts, stored as an unsigned index of 8, 16 or 32 bits.</summary>
public sealed record EnumType(ImmutableArray<string> Values) : DataType
{
    /// <summary>Bytes of an index.</summary>
    public int IndexWidth => Values.Length <= 0xFF ? 1 : Values.Length <= 0xFFFF ? 2 : 4;

    /// <inheritdoc/>
    public bool Equals(EnumType? other) => other is not null && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Length;
}

/// <summary>A list of any length of one element type.</summary>
public sealed record ListType(DataType Element) : DataType;

/// <summary>A list of one fixed length.</summary>
public sealed record ArrayType(DataType Element, int Length) : DataType;

/// <summary>Named fields.</summary>
public sealed record StructType(ImmutableArray<Field> Fields) : DataType
{
    /// <summary>Finds a field by name, first exactly, then by ASCII case; -1 when it is not there.</summary>
    public int IndexOf(string name) => Schema.IndexOf(Fields.AsSpan(), name);

    /// <inheritdoc/>
    public bool Equals(StructType? other) => other is not null && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Fields.Length;
}

/// <summary>Pairs of key and value; stored as a list of structs.</summary>
public sealed record MapType(DataType Key, DataType Value) : DataType;

/// <summary>A type of the engine that MlSql carries through as text.</summary>
public sealed record OpaqueType(string Name) : DataType;

/// <summary>What one unit of a time is.</summary>
public enum TimeUnit
{
    /// <summary>1 s.</summary>
    Second,

    /// <summary>1 ms.</summary>
    Millisecond,

    /// <summary>1 µs.</summary>
    Microsecond,

    /// <summary>1 ns.</summary>
    Nanosecond,
}

/// <summary>A named column or struct field.</summary>
public sealed record Field(string Name, DataType Type);

/// <summary>The columns of a batch, in order. Names may repeat.</summary>
public sealed record Schema(ImmutableArray<Field> Fields)
{
    /// <summary>Finds a column by name, first exactly, then by ASCII case; -1 when it is not there.</summary>
    public int IndexOf(string name) => IndexOf(Fields.AsSpan(), name);

    internal static int IndexOf(ReadOnlySpan<Field> fields, string name)
    {
        for (int i = 0; i < fields.Length; i++)
            if (fields[i].Name == name) return i;
        for (int i = 0; i < fields.Length; i++)
            if (string.Equals(fields[i].Name, name, StringComparison.OrdinalIgnoreCase)) return i;
        return -1;
    }

    /// <inheritdoc/>
    public bool Equals(Schema? other) => other is not null && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Fields.Length;
}
