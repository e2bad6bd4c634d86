using MlSql.Columnar;

namespace MlSql.Scoring.Commands;

/// <summary>A type as bytes: a kind, then what the kind needs.</summary>
internal static class DataTypeForm
{
    private const int MaxDepth = 16;
    private const int LeastFieldBytes = 5;

    public static void Write(CommandWriter writer, DataType type)
    {
        switch (type)
        {
            case NullType:
                writer.Byte(0);
                break;
            case BooleanType:
                writer.Byte(1);
                break;
            case IntegerType i:
                writer.Byte(i.Signed ? (byte)2 : (byte)3);
                writer.Byte((byte)i.Bits);
                break;
            case FloatType f:
                writer.Byte(4);
                writer.Byte((byte)f.Bits);
                break;
            case DecimalType d:
                writer.Byte(5);
                writer.Byte((byte)d.Precision);
                writer.Byte((byte)d.Scale);
                break;
            case StringType:
                writer.Byte(6);
                break;
            case BinaryType:
                writer.Byte(7);
                break;
            case DateType:
                writer.Byte(8);
                break;
            case TimestampType { Unit: TimeUnit.Microsecond } t:
                writer.Byte(t.Zoned ? (byte)9 : (byte)10);
                break;
            case ListType l:
                writer.Byte(11);
                Write(writer, l.Element);
                break;
            case StructType s:
                writer.Byte(12);
                writer.Whole(s.Fields.Length);
                foreach (var field in s.Fields)
                {
                    writer.Text(field.Name);
                    Write(writer, field.Type);
                }
                break;
            case MapType m:
                writer.Byte(13);
                Write(writer, m.Key);
                Write(writer, m.Value);
                break;
            default:
                throw CommandErrors.Unwritable(type);
        }
    }

    public static DataType Read(ref CommandReader reader, int depth = 0)
    {
        if (depth > MaxDepth) throw CommandErrors.Malformed($"types lie deeper than {MaxDepth} in each other");
        byte kind = reader.Byte();
        return kind switch
        {
            0 => new NullType(),
            1 => new BooleanType(),
            2 or 3 => new IntegerType(ReadBits(ref reader), kind == 2),
            4 => new FloatType(ReadBits(ref reader)),
            5 => ReadDecimal(ref reader),
            6 => new StringType(),
            7 => new BinaryType(),
            8 => new DateType(),
            9 or 10 => new TimestampType(TimeUnit.Microsecond, kind == 9),
            11 => new ListType(Read(ref reader, depth + 1)),
            12 => ReadStruct(ref reader, depth),
            13 => new MapType(Read(ref reader, depth + 1), Read(ref reader, depth + 1)),
            _ => throw CommandErrors.Malformed($"unknown type {kind}"),
        };
    }

    private static int ReadBits(ref CommandReader reader)
    {
        byte bits = reader.Byte();
        return bits is 8 or 16 or 32 or 64 or 128 ? bits : throw CommandErrors.Malformed($"numbers of {bits} bits");
    }

    private static DecimalType ReadDecimal(ref CommandReader reader)
    {
        byte precision = reader.Byte(), scale = reader.Byte();
        return precision is >= 1 and <= 38 && scale <= precision ? new(precision, scale) : throw CommandErrors.Malformed($"a decimal of {precision} digits, {scale} of them fractional");
    }

    private static StructType ReadStruct(ref CommandReader reader, int depth)
    {
        var fields = new Field[reader.Count(LeastFieldBytes)];
        for (int i = 0; i < fields.Length; i++) fields[i] = new(reader.Text(), Read(ref reader, depth + 1));
        return new([.. fields]);
    }
}
