using System.Collections.Immutable;

namespace MlSql.Columnar.Ipc;

/// <summary>Writes the schema message.</summary>
internal static class SchemaWriter
{
    /// <summary>The table of the schema; fields with long offsets are written as those with short ones, which is how their values are written.</summary>
    public static int Write(FlatBuilder builder, ArrowSchema schema)
    {
        int fields = Fields(builder, schema.Fields);
        builder.BeginTable(2);
        builder.Reference(1, fields);
        return builder.EndTable();
    }

    private static int Fields(FlatBuilder builder, ImmutableArray<ArrowField> fields)
    {
        int[] places = new int[fields.Length];
        for (int i = 0; i < places.Length; i++) places[i] = Field(builder, fields[i]);
        return builder.References(places);
    }

    private static int Field(FlatBuilder builder, ArrowField field)
    {
        field.Check();
        int children = Fields(builder, field.Children);
        int metadata = field.Metadata.IsEmpty ? 0 : Metadata(builder, field.Metadata);
        int name = builder.Text(field.Name);
        var (id, type) = Type(builder, field);
        builder.BeginTable(7);
        builder.Reference(0, name);
        builder.Reference(3, type);
        builder.Reference(5, children);
        if (metadata != 0) builder.Reference(6, metadata);
        builder.Byte(1, field.Nullable ? (byte)1 : (byte)0);
        builder.Byte(2, (byte)id);
        return builder.EndTable();
    }

    private static int Metadata(FlatBuilder builder, ImmutableArray<KeyValuePair<string, string>> pairs)
    {
        int[] places = new int[pairs.Length];
        for (int i = 0; i < places.Length; i++)
        {
            int key = builder.Text(pairs[i].Key), value = builder.Text(pairs[i].Value);
            builder.BeginTable(2);
            builder.Reference(0, key);
            builder.Reference(1, value);
            places[i] = builder.EndTable();
        }
        return builder.References(places);
    }

    private static (ArrowTypeId Id, int Place) Type(FlatBuilder builder, ArrowField field)
    {
        int zone = field.Type is TimestampType { Zoned: true } ? builder.Text("UTC") : 0;
        builder.BeginTable(3);
        var id = Describe(builder, field, zone);
        return (id, builder.EndTable());
    }

    private static ArrowTypeId Describe(FlatBuilder builder, ArrowField field, int zone)
    {
        switch (field.Type)
        {
            case NullType: return ArrowTypeId.Null;
            case BooleanType: return ArrowTypeId.Bool;
            case StringType: return ArrowTypeId.Utf8;
            case BinaryType: return ArrowTypeId.Binary;
            case ListType: return ArrowTypeId.List;
            case StructType: return ArrowTypeId.Struct;
            case MapType: return ArrowTypeId.Map;
            case IntegerType integer:
                builder.Int(0, integer.Bits);
                builder.Byte(1, integer.Signed ? (byte)1 : (byte)0);
                return ArrowTypeId.Int;
            case FloatType real:
                builder.Short(0, (short)(real.Bits / 32));
                return ArrowTypeId.FloatingPoint;
            case DecimalType number:
                builder.Int(0, number.Precision);
                builder.Int(1, number.Scale);
                builder.Int(2, 128);
                return ArrowTypeId.Decimal;
            case DateType:
                builder.Short(0, 0);
                return ArrowTypeId.Date;
            case TimeType time:
                builder.Int(1, 64);
                builder.Short(0, (short)time.Unit);
                return ArrowTypeId.Time;
            case TimestampType timestamp:
                if (zone != 0) builder.Reference(1, zone);
                builder.Short(0, (short)timestamp.Unit);
                return ArrowTypeId.Timestamp;
            case IntervalType when field.Form == ArrowForm.Microseconds:
                builder.Short(0, (short)TimeUnit.Microsecond);
                return ArrowTypeId.Duration;
            case IntervalType:
                builder.Short(0, field.Form == ArrowForm.Months ? (short)0 : (short)2);
                return ArrowTypeId.Interval;
            case ArrayType array:
                builder.Int(0, array.Length);
                return ArrowTypeId.FixedSizeList;
            default:
                throw ArrowErrors.CannotWrite(field.Type, field.Name);
        }
    }
}
