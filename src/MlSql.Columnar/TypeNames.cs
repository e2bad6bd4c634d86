using System.Globalization;

namespace MlSql.Columnar;

/// <summary>Spells types the way SQL does, for messages and listings.</summary>
internal static class TypeNames
{
    public static string Of(DataType type) => type switch
    {
        NullType => "NULL",
        BooleanType => "BOOLEAN",
        IntegerType { Bits: 128 } i => i.Signed ? "HUGEINT" : "UHUGEINT",
        IntegerType i => (i.Signed ? "" : "U") + i.Bits switch { 8 => "TINYINT", 16 => "SMALLINT", 32 => "INTEGER", _ => "BIGINT" },
        FloatType f => f.Bits == 32 ? "FLOAT" : "DOUBLE",
        DecimalType d => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({d.Precision},{d.Scale})"),
        StringType => "VARCHAR",
        BinaryType => "BLOB",
        DateType => "DATE",
        TimeType t => t.Unit == TimeUnit.Nanosecond ? "TIME_NS" : "TIME",
        OffsetTimeType => "TIME WITH TIME ZONE",
        TimestampType { Zoned: true } => "TIMESTAMP WITH TIME ZONE",
        TimestampType t => t.Unit switch { TimeUnit.Second => "TIMESTAMP_S", TimeUnit.Millisecond => "TIMESTAMP_MS", TimeUnit.Nanosecond => "TIMESTAMP_NS", _ => "TIMESTAMP" },
        IntervalType => "INTERVAL",
        UuidType => "UUID",
        EnumType e => e.Values.Length <= 8 ? $"ENUM({string.Join(", ", e.Values.Select(v => $"'{v.Replace("'", "''", StringComparison.Ordinal)}'"))})" : $"ENUM({e.Values.Length} values)",
        ListType l => $"{l.Element}[]",
        ArrayType a => string.Create(CultureInfo.InvariantCulture, $"{a.Element}[{a.Length}]"),
        StructType s => $"STRUCT({string.Join(", ", s.Fields.Select(f => $"{f.Name} {f.Type}"))})",
        MapType m => $"MAP({m.Key}, {m.Value})",
        OpaqueType o => o.Name,
        _ => throw new System.Diagnostics.UnreachableException(type.GetType().Name),
    };
}
