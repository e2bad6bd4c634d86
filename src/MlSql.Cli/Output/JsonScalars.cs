using System.Buffers.Text;
using MlSql.Columnar;

namespace MlSql.Cli.Output;

/// <summary>
/// Values without parts as JSON: integers, hugeints and decimals as exact numbers; NaN and infinities as the texts "NaN", "Infinity", "-Infinity"; bytes as base64;
/// timestamps with T, and Z where they are instants; all else as text.
/// </summary>
internal static class JsonScalars
{
    public static CellWriter For(DataType type) => type switch
    {
        NullType => (into, _, _) => into.Append("null"u8),
        BooleanType or IntegerType or DecimalType => Scalars.For(type, CellStyle.Exact),
        FloatType { Bits: 32 } => (into, column, row) => AppendFloat(into, Scalars.Value<float>(column, row)),
        FloatType => (into, column, row) => AppendFloat(into, Scalars.Value<double>(column, row)),
        BinaryType => (into, column, row) => AppendBase64(into, ((TextColumn)column).Utf8(row)),
        TimestampType t => JsonText.Quoted(Scalars.Timestamps(t, (byte)'T', t.Zoned ? "Z" : "")),
        _ => JsonText.Quoted(Scalars.For(type, CellStyle.Exact)),
    };

    private static void AppendFloat<T>(Utf8Buffer into, T value) where T : System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        if (T.IsFinite(value)) NumberText.AppendExact(into, value);
        else into.Append(T.IsNaN(value) ? "\"NaN\""u8 : T.IsPositive(value) ? "\"Infinity\""u8 : "\"-Infinity\""u8);
    }

    private static void AppendBase64(Utf8Buffer into, ReadOnlySpan<byte> bytes)
    {
        byte[] text = new byte[Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        Base64.EncodeToUtf8(bytes, text, out _, out int written);
        into.Append((byte)'"');
        into.Append(text.AsSpan(0, written));
        into.Append((byte)'"');
    }
}
