using System.Diagnostics;
using MlSql.Columnar;

namespace MlSql.Cli.Output;

/// <summary>Values without parts as plain text.</summary>
internal static class Scalars
{
    public static CellWriter For(DataType type, CellStyle style) => type switch
    {
        NullType => (into, _, _) => into.Append("NULL"u8),
        BooleanType => (into, column, row) => into.Append(IsTrue(column, row) ? "true"u8 : "false"u8),
        IntegerType i => Integers(i),
        FloatType { Bits: 32 } => style == CellStyle.Readable
            ? (into, column, row) => NumberText.AppendReadable(into, Value<float>(column, row))
            : (into, column, row) => NumberText.AppendExact(into, Value<float>(column, row)),
        FloatType => style == CellStyle.Readable
            ? (into, column, row) => NumberText.AppendReadable(into, Value<double>(column, row))
            : (into, column, row) => NumberText.AppendExact(into, Value<double>(column, row)),
        DecimalType d => Decimals(d),
        StringType or OpaqueType => (into, column, row) => into.Append(((TextColumn)column).Utf8(row)),
        BinaryType => (into, column, row) => AppendBytes(into, ((TextColumn)column).Utf8(row)),
        DateType => (into, column, row) => Calendar.AppendDate(into, Value<int>(column, row)),
        TimeType t => Times(UnitsPerSecond(t.Unit)),
        OffsetTimeType => (into, column, row) => Calendar.AppendOffsetTime(into, Value<long>(column, row)),
        TimestampType t => Timestamps(t, (byte)' ', t.Zoned ? "+00" : ""),
        IntervalType => AppendInterval,
        UuidType => (into, column, row) => into.AppendNumber(Uuid(Value<Int128>(column, row)), "D"),
        EnumType e => Enums(e),
        _ => throw new UnreachableException(type.GetType().Name),
    };

    public static CellWriter Timestamps(TimestampType type, byte separator, string zone)
    {
        long unitsPerSecond = UnitsPerSecond(type.Unit);
        byte[] suffix = System.Text.Encoding.ASCII.GetBytes(zone);
        return (into, column, row) => Calendar.AppendTimestamp(into, Value<long>(column, row), unitsPerSecond, separator, suffix);
    }

    public static T Value<T>(Column column, int row) where T : unmanaged => ((FixedColumn<T>)column).Values[row];

    private static bool IsTrue(Column column, int row) => column is FixedColumn<bool> flags ? flags.Values[row] : Value<byte>(column, row) != 0;

    private static CellWriter Integers(IntegerType type) => (type.Bits, type.Signed) switch
    {
        (8, true) => (into, column, row) => into.AppendNumber(Value<sbyte>(column, row)),
        (8, false) => (into, column, row) => into.AppendNumber(Value<byte>(column, row)),
        (16, true) => (into, column, row) => into.AppendNumber(Value<short>(column, row)),
        (16, false) => (into, column, row) => into.AppendNumber(Value<ushort>(column, row)),
        (32, true) => (into, column, row) => into.AppendNumber(Value<int>(column, row)),
        (32, false) => (into, column, row) => into.AppendNumber(Value<uint>(column, row)),
        (64, true) => (into, column, row) => into.AppendNumber(Value<long>(column, row)),
        (64, false) => (into, column, row) => into.AppendNumber(Value<ulong>(column, row)),
        (128, true) => (into, column, row) => into.AppendNumber(Value<Int128>(column, row)),
        (128, false) => (into, column, row) => into.AppendNumber(Value<UInt128>(column, row)),
        _ => throw new UnreachableException(type.ToString()),
    };

    private static CellWriter Decimals(DecimalType type)
    {
        int scale = type.Scale;
        return type.Precision switch
        {
            <= 4 => (into, column, row) => NumberText.AppendDecimal(into, Value<short>(column, row), scale),
            <= 9 => (into, column, row) => NumberText.AppendDecimal(into, Value<int>(column, row), scale),
            <= 18 => (into, column, row) => NumberText.AppendDecimal(into, Value<long>(column, row), scale),
            _ => (into, column, row) => NumberText.AppendDecimal(into, Value<Int128>(column, row), scale),
        };
    }

    private static CellWriter Enums(EnumType type)
    {
        byte[][] texts = [.. type.Values.Select(System.Text.Encoding.UTF8.GetBytes)];
        return type.IndexWidth switch
        {
            1 => (into, column, row) => into.Append(texts[Value<byte>(column, row)]),
            2 => (into, column, row) => into.Append(texts[Value<ushort>(column, row)]),
            _ => (into, column, row) => into.Append(texts[Value<uint>(column, row)]),
        };
    }

    private static CellWriter Times(long unitsPerSecond) => (into, column, row) => Calendar.AppendTime(into, Value<long>(column, row), unitsPerSecond);

    private static void AppendInterval(Utf8Buffer into, Column column, int row)
    {
        Interval value = Value<Interval>(column, row);
        Calendar.AppendInterval(into, value.Months, value.Days, value.Microseconds);
    }

    private static Guid Uuid(Int128 stored)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt128BigEndian(bytes, stored ^ Int128.MinValue);
        return new Guid(bytes, bigEndian: true);
    }

    // Bytes that are not printable ASCII become \xNN, which a cast to BLOB reads back.
    private static void AppendBytes(Utf8Buffer into, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (value is >= 0x20 and < 0x7F and not ((byte)'\\' or (byte)'\'' or (byte)'"')) into.Append(value);
            else
            {
                into.Append("\\x"u8);
                into.AppendNumber(value, "X2");
            }
        }
    }

    private static long UnitsPerSecond(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => 1,
        TimeUnit.Millisecond => 1_000,
        TimeUnit.Microsecond => 1_000_000,
        _ => 1_000_000_000,
    };
}
