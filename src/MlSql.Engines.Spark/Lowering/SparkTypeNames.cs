using System.Globalization;
using MlSql.Columnar;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>Types as Spark's SQL spells them.</summary>
internal static class SparkTypeNames
{
    /// <summary>The name of the type, or of the nearest that Spark has (<see cref="Nearest"/>).</summary>
    public static string Of(DataType type) => Nearest(type) switch
    {
        NullType => "VOID",
        BooleanType => "BOOLEAN",
        IntegerType { Bits: 8 } => "TINYINT",
        IntegerType { Bits: 16 } => "SMALLINT",
        IntegerType { Bits: 32 } => "INT",
        IntegerType => "BIGINT",
        FloatType { Bits: 32 } => "FLOAT",
        FloatType => "DOUBLE",
        DecimalType d => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({d.Precision}, {d.Scale})"),
        StringType => "STRING",
        BinaryType => "BINARY",
        DateType => "DATE",
        TimestampType { Zoned: true } => "TIMESTAMP_LTZ",
        TimestampType => "TIMESTAMP_NTZ",
        TimeType => "TIME",
        ListType l => $"ARRAY<{Of(l.Element)}>",
        StructType s => $"STRUCT<{string.Join(", ", s.Fields.Select(f => $"{Quoted(f.Name)}: {Of(f.Type)}"))}>",
        MapType m => $"MAP<{Of(m.Key)}, {Of(m.Value)}>",
        var other => throw new System.Diagnostics.UnreachableException(other.ToString()),
    };

    /// <summary>The type itself where Spark has it, else one that holds all of its values: the next wider integer, DECIMAL for 64 unsigned or 128 bits, STRING for the rest; within lists, structs and maps alike.</summary>
    public static DataType Nearest(DataType type) => type switch
    {
        IntegerType { Bits: 128 } => new DecimalType(38, 0),
        IntegerType { Bits: 64, Signed: false } => new DecimalType(20, 0),
        IntegerType { Signed: false } i => new IntegerType(i.Bits * 2, true),
        ListType l => new ListType(Nearest(l.Element)),
        ArrayType a => new ListType(Nearest(a.Element)),
        StructType s => new StructType([.. s.Fields.Select(f => new Field(f.Name, Nearest(f.Type)))]),
        MapType m => new MapType(Nearest(m.Key), Nearest(m.Value)),
        TimestampType t => t with { Unit = TimeUnit.Microsecond },
        NullType or BooleanType or IntegerType or FloatType or DecimalType or StringType or BinaryType or DateType or TimeType => type,
        _ => new StringType(),
    };

    /// <summary>A name in backticks, which Spark takes everywhere, also within types.</summary>
    public static string Quoted(string name) => "`" + name.Replace("`", "``", StringComparison.Ordinal) + "`";
}
