using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Engines.Spark.Connect.Errors;
using Kind = MlSql.Engines.Spark.Connect.Protocol.DataType.KindOneofCase;
using Message = MlSql.Engines.Spark.Connect.Protocol.DataType;

namespace MlSql.Engines.Spark.Connect;

/// <summary>Types of columns, between Spark's messages and ours. Lengths and collations of texts are left behind: values come as UTF-8 all the same.</summary>
internal static class SparkTypes
{
    /// <summary>Types may be nested this deep; the message parser stops at about as much.</summary>
    private const int DeepestNesting = 64;
    private const string Hint = "CAST the column to a type that both know";

    /// <summary>The columns of a result. Throws MLS6216 when it is no struct.</summary>
    public static Schema ToSchema(Message type) => ToColumnar(type) is StructType columns ? new Schema(columns.Fields) : throw new SparkException(SparkErrorCodes.Type, "The server describes columns by a type that is no struct", "this is a fault of the server");

    /// <summary>Our type for Spark's; what we do not compute with becomes an <see cref="OpaqueType"/>.</summary>
    public static DataType ToColumnar(Message type) => ToColumnar(type, 0);

    /// <summary>Spark's type for ours, every field nullable. Throws MLS6216 for a type that Spark does not have.</summary>
    public static Message ToMessage(DataType type) => type switch
    {
        NullType => new Message { Null = new() },
        BooleanType => new Message { Boolean = new() },
        IntegerType { Signed: true, Bits: 8 } => new Message { Byte = new() },
        IntegerType { Signed: true, Bits: 16 } => new Message { Short = new() },
        IntegerType { Signed: true, Bits: 32 } => new Message { Integer = new() },
        IntegerType { Signed: true, Bits: 64 } => new Message { Long = new() },
        FloatType { Bits: 32 } => new Message { Float = new() },
        FloatType { Bits: 64 } => new Message { Double = new() },
        DecimalType d => new Message { Decimal = new() { Precision = d.Precision, Scale = d.Scale } },
        StringType => new Message { String = new() },
        BinaryType => new Message { Binary = new() },
        DateType => new Message { Date = new() },
        TimeType { Unit: TimeUnit.Microsecond } => new Message { Time = new() { Precision = 6 } },
        TimestampType { Unit: TimeUnit.Microsecond } t => t.Zoned ? new Message { Timestamp = new() } : new Message { TimestampNtz = new() },
        IntervalType => new Message { CalendarInterval = new() },
        ListType l => new Message { Array = new() { ElementType = ToMessage(l.Element), ContainsNull = true } },
        ArrayType a => new Message { Array = new() { ElementType = ToMessage(a.Element), ContainsNull = true } },
        MapType m => new Message { Map = new() { KeyType = ToMessage(m.Key), ValueType = ToMessage(m.Value), ValueContainsNull = true } },
        StructType s => ToMessage(s),
        IntegerType or FloatType or TimeType or OffsetTimeType or TimestampType or UuidType or EnumType or OpaqueType => throw new SparkException(SparkErrorCodes.Type, $"Spark has no type for {type}", Hint),
        _ => throw new UnreachableException(type.GetType().Name),
    };

    private static Message ToMessage(StructType type)
    {
        var message = new Message { Struct = new() };
        foreach (Field field in type.Fields) message.Struct.Fields.Add(new Message.Types.StructField { Name = field.Name, DataType = ToMessage(field.Type), Nullable = true });
        return message;
    }

    private static DataType ToColumnar(Message type, int depth)
    {
        if (depth > DeepestNesting) throw new SparkException(SparkErrorCodes.Type, $"A type is nested deeper than {DeepestNesting} levels", Hint);
        return type.KindCase switch
        {
            Kind.Null => new NullType(),
            Kind.Boolean => new BooleanType(),
            Kind.Byte => new IntegerType(8, true),
            Kind.Short => new IntegerType(16, true),
            Kind.Integer => new IntegerType(32, true),
            Kind.Long => new IntegerType(64, true),
            Kind.Float => new FloatType(32),
            Kind.Double => new FloatType(64),
            Kind.Decimal => Decimal(type.Decimal),
            Kind.String or Kind.Char or Kind.VarChar => new StringType(),
            Kind.Binary => new BinaryType(),
            Kind.Date => new DateType(),
            Kind.Time => new TimeType(TimeUnit.Nanosecond),
            Kind.Timestamp => new TimestampType(TimeUnit.Microsecond, Zoned: true),
            Kind.TimestampNtz => new TimestampType(TimeUnit.Microsecond, Zoned: false),
            Kind.TimestampNtzNanos => new TimestampType(TimeUnit.Nanosecond, Zoned: false),
            Kind.TimestampLtzNanos => new TimestampType(TimeUnit.Nanosecond, Zoned: true),
            Kind.CalendarInterval or Kind.YearMonthInterval or Kind.DayTimeInterval => new IntervalType(),
            Kind.Array when type.Array.ElementType is { } element => new ListType(ToColumnar(element, depth + 1)),
            Kind.Map when type.Map is { KeyType: { } key, ValueType: { } value } => new MapType(ToColumnar(key, depth + 1), ToColumnar(value, depth + 1)),
            Kind.Struct => new StructType([.. type.Struct.Fields.Select(f => new Field(f.Name, f.DataType is { } inner ? ToColumnar(inner, depth + 1) : throw Unnamed()))]),
            Kind.Udt when type.Udt.SqlType is { } stored => ToColumnar(stored, depth + 1),
            Kind.Udt => new OpaqueType("UDT"),
            Kind.Variant => new OpaqueType("VARIANT"),
            Kind.Geometry => new OpaqueType("GEOMETRY"),
            Kind.Geography => new OpaqueType("GEOGRAPHY"),
            Kind.Unparsed => new OpaqueType(type.Unparsed.DataTypeString),
            // A type that later versions add.
            _ => throw Unnamed(),
        };
    }

    private static DecimalType Decimal(Message.Types.Decimal type)
    {
        int precision = type.HasPrecision ? type.Precision : 10, scale = type.HasScale ? type.Scale : 0;
        return precision is >= 1 and <= 38 && scale >= 0 && scale <= precision ? new DecimalType(precision, scale) : throw new SparkException(SparkErrorCodes.Type, $"DECIMAL({precision},{scale}) is no decimal of at most 38 digits", Hint);
    }

    private static SparkException Unnamed() => new(SparkErrorCodes.Type, "The server names a type that MlSql does not know", Hint);
}
