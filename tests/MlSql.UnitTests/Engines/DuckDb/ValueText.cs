using System.Globalization;
using MlSql.Columnar;

namespace MlSql.UnitTests.Engines.DuckDb;

/// <summary>Writes copied values the way the engine casts them to text, so that the engine itself is the judge of what was read.</summary>
internal static class ValueText
{
    public static string Of(Column column, int row)
    {
        if (column.IsNull(row)) return "NULL";
        switch (column)
        {
            case ListColumn list:
                (int start, int length) = list.Range(row);
                return list.Type is MapType
                    ? $"{{{string.Join(", ", Enumerable.Range(start, length).Select(k => Entry((StructColumn)list.Elements, k)))}}}"
                    : $"[{string.Join(", ", Enumerable.Range(start, length).Select(k => Of(list.Elements, k)))}]";
            case StructColumn fields:
                var names = ((StructType)fields.Type).Fields;
                return $"{{{string.Join(", ", fields.Fields.Select((f, i) => $"'{names[i].Name}': {Of(f, row)}"))}}}";
            case TextColumn { Type: BinaryType } bytes:
                return string.Concat(bytes.Utf8(row).ToArray().Select(b => b is >= 32 and < 127 and not (byte)'\\' and not (byte)'\'' and not (byte)'"' ? ((char)b).ToString() : $"\\x{b:X2}"));
            case TextColumn text:
                return text.Text(row)!;
            default:
                return Fixed(column, row);
        }
    }

    private static string Entry(StructColumn entries, int row) => $"{Of(entries.Fields[0], row)}={Of(entries.Fields[1], row)}";

    private static string Fixed(Column column, int row) => column switch
    {
        { Type: BooleanType } => Get<byte>(column, row) == 1 ? "true" : "false",
        { Type: DateType } => new DateOnly(1970, 1, 1).AddDays(Get<int>(column, row)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        { Type: TimeType t } => Clock(Get<long>(column, row), t.Unit),
        { Type: OffsetTimeType } => OffsetClock(Get<ulong>(column, row)),
        { Type: TimestampType t } => Instant(Get<long>(column, row), t),
        { Type: IntervalType } => IntervalText(Get<Interval>(column, row)),
        { Type: UuidType } => UuidText(Get<Int128>(column, row)),
        { Type: DecimalType d } => DecimalText(column, row, d),
        { Type: EnumType e } => e.Values[e.IndexWidth switch { 1 => Get<byte>(column, row), 2 => Get<ushort>(column, row), _ => (int)Get<uint>(column, row) }],
        FixedColumn<float> c => Number(c.Values[row].ToString("R", CultureInfo.InvariantCulture)),
        FixedColumn<double> c => Number(c.Values[row].ToString("R", CultureInfo.InvariantCulture)),
        FixedColumn<sbyte> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        FixedColumn<byte> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        FixedColumn<short> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        FixedColumn<ushort> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        FixedColumn<int> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        FixedColumn<uint> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        FixedColumn<long> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        FixedColumn<ulong> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        FixedColumn<Int128> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        FixedColumn<UInt128> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException(column.GetType().ToString()),
    };

    private static T Get<T>(Column column, int row) where T : unmanaged => ((FixedColumn<T>)column).Values[row];

    private static string Number(string text) => text switch
    {
        "Infinity" => "inf",
        "-Infinity" => "-inf",
        "NaN" => "nan",
        _ when text.Contains('E') => text.Replace("E", "e", StringComparison.Ordinal),
        _ => text.Contains('.') ? text : text + ".0",
    };

    private static string Fraction(long units, int digits)
    {
        string text = units.ToString(new string('0', digits), CultureInfo.InvariantCulture).TrimEnd('0');
        return text.Length == 0 ? "" : "." + text;
    }

    private static string Clock(long value, TimeUnit unit)
    {
        long second = unit == TimeUnit.Nanosecond ? 1_000_000_000 : 1_000_000;
        long seconds = value / second;
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}{Fraction(value % second, unit == TimeUnit.Nanosecond ? 9 : 6)}");
    }

    private static string OffsetClock(ulong packed)
    {
        int offset = 57_599 - (int)(packed & 0xFFFFFF);
        string minutes = offset / 60 % 60 == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $":{Math.Abs(offset / 60 % 60):00}");
        return string.Create(CultureInfo.InvariantCulture, $"{Clock((long)(packed >> 24), TimeUnit.Microsecond)}{(offset < 0 ? '-' : '+')}{Math.Abs(offset / 3600):00}{minutes}");
    }

    private static string Instant(long value, TimestampType type)
    {
        if (value == long.MaxValue) return "infinity";
        if (value == -long.MaxValue) return "-infinity";
        (long second, int digits) = type.Unit switch { TimeUnit.Second => (1L, 0), TimeUnit.Millisecond => (1_000, 3), TimeUnit.Microsecond => (1_000_000, 6), _ => (1_000_000_000L, 9) };
        (long seconds, long part) = Math.DivRem(value, second);
        if (part < 0) (seconds, part) = (seconds - 1, part + second);
        string text = DateTime.UnixEpoch.AddSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return text + (digits == 0 ? "" : Fraction(part, digits)) + (type.Zoned ? "+00" : "");
    }

    private static string IntervalText(Interval interval)
    {
        var parts = new List<string>();
        Add(interval.Months / 12, "year");
        Add(interval.Months % 12, "month");
        Add(interval.Days, "day");
        if (interval.Microseconds != 0) parts.Add((interval.Microseconds < 0 ? "-" : "") + Clock(Math.Abs(interval.Microseconds), TimeUnit.Microsecond));
        return parts.Count == 0 ? "00:00:00" : string.Join(' ', parts);

        void Add(int count, string unit)
        {
            if (count != 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(Math.Abs(count) == 1 ? "" : "s")}"));
        }
    }

    private static string UuidText(Int128 value)
    {
        string hex = ((UInt128)value ^ (UInt128.One << 127)).ToString("x32", CultureInfo.InvariantCulture);
        return $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
    }

    private static string DecimalText(Column column, int row, DecimalType type)
    {
        Int128 value = column switch { FixedColumn<short> c => c.Values[row], FixedColumn<int> c => c.Values[row], FixedColumn<long> c => c.Values[row], _ => Get<Int128>(column, row) };
        string digits = Int128.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(type.Scale + 1, '0');
        string whole = digits[..^type.Scale];
        return (value < 0 ? "-" : "") + whole + (type.Scale == 0 ? "" : "." + digits[^type.Scale..]);
    }
}
