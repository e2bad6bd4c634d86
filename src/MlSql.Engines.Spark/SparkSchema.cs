using System.Collections.Immutable;
using MlSql.Columnar;
using Kind = MlSql.Engines.Spark.Connect.Protocol.DataType.KindOneofCase;
using SparkType = MlSql.Engines.Spark.Connect.Protocol.DataType;

namespace MlSql.Engines.Spark;

/// <summary>Spark's types as ours: those in which the Arrow reader gives their columns.</summary>
internal static class SparkSchema
{
    /// <summary>The columns of a struct.</summary>
    public static Schema Of(SparkType row) => new(Fields(row.Struct));

    private static ImmutableArray<Field> Fields(SparkType.Types.Struct row) => [.. row.Fields.Select(f => new Field(f.Name, Type(f.DataType)))];

    private static DataType Type(SparkType type) => type.KindCase switch
    {
        Kind.Null => new NullType(),
        Kind.Boolean => new BooleanType(),
        Kind.Byte => new IntegerType(8, true),
        Kind.Short => new IntegerType(16, true),
        Kind.Integer => new IntegerType(32, true),
        Kind.Long => new IntegerType(64, true),
        Kind.Float => new FloatType(32),
        Kind.Double => new FloatType(64),
        Kind.Decimal => new DecimalType(type.Decimal.Precision, type.Decimal.Scale),
        Kind.String or Kind.Char or Kind.VarChar => new StringType(),
        Kind.Binary => new BinaryType(),
        Kind.Date => new DateType(),
        Kind.Timestamp => new TimestampType(TimeUnit.Microsecond, Zoned: true),
        Kind.TimestampNtz => new TimestampType(TimeUnit.Microsecond, Zoned: false),
        Kind.Time => new TimeType(TimeUnit.Nanosecond),
        Kind.CalendarInterval or Kind.YearMonthInterval or Kind.DayTimeInterval => new IntervalType(),
        Kind.Array => new ListType(Type(type.Array.ElementType)),
        Kind.Struct => new StructType(Fields(type.Struct)),
        Kind.Map => new MapType(Type(type.Map.KeyType), Type(type.Map.ValueType)),
        Kind.Udt => Type(type.Udt.SqlType),
        Kind.Variant => new StructType([new Field("value", new BinaryType()), new Field("metadata", new BinaryType())]),
        Kind.Geometry or Kind.Geography => new StructType([new Field("srid", new IntegerType(32, true)), new Field("wkb", new BinaryType())]),
        _ => new OpaqueType(type.KindCase.ToString()),
    };
}
