using System.Text;
using MlSql.Columnar;

namespace MlSql.UnitTests.Columnar.Ipc;

/// <summary>Batches of any type that Arrow output has, made from a seed: also with masks that are all set or all clear, lists that don't begin at 0 and NULL lists that have elements.</summary>
internal sealed class RandomBatches(Random random)
{
    private static readonly string[] _texts = ["", "a", "größe", "日本語", "\uD83D\uDE00", "\0", "line\nline", new('x', 300)];

    public RecordBatch Batch(int columns, int rows, int depth)
    {
        Schema schema = new([.. Enumerable.Range(0, columns).Select(i => new Field(random.Next(10) == 0 ? "" : $"c{i}", Type(depth)))]);
        return Rows(schema, rows);
    }

    public RecordBatch Rows(Schema schema, int rows) => new(schema, [.. schema.Fields.Select(f => Make(f.Type, rows))], rows);

    private DataType Type(int depth) => random.Next(depth > 0 ? 19 : 15) switch
    {
        0 => new NullType(),
        1 or 2 => new BooleanType(),
        3 or 4 => new IntegerType(8 << random.Next(4), random.Next(3) > 0),
        5 => new FloatType(32),
        6 => new FloatType(64),
        7 or 8 => new StringType(),
        9 => new BinaryType(),
        10 => Decimal(),
        11 => new DateType(),
        12 => new TimeType(random.Next(2) == 0 ? TimeUnit.Microsecond : TimeUnit.Nanosecond),
        13 => new TimestampType((TimeUnit)random.Next(4), random.Next(2) == 0),
        14 => new IntervalType(),
        15 => new ListType(Type(depth - 1)),
        16 => new ArrayType(Type(depth - 1), random.Next(1, 4)),
        17 => new MapType(Key(), Type(depth - 1)),
        _ => new StructType([.. Enumerable.Range(0, random.Next(0, 4)).Select(i => new Field($"f{i}", Type(depth - 1)))]),
    };

    private DecimalType Decimal()
    {
        int precision = random.Next(1, 39);
        return new DecimalType(precision, random.Next(0, precision + 1));
    }

    private DataType Key() => random.Next(2) == 0 ? new StringType() : new IntegerType(32, true);

    private Column Make(DataType type, int rows, bool nullable = true)
    {
        ulong[]? validity = type is NullType ? new ulong[(rows + 63) / 64] : nullable ? Mask(rows) : null;
        return type switch
        {
            NullType or IntegerType { Bits: 8, Signed: false } => Fixed(type, rows, validity, () => (byte)random.Next(256)),
            BooleanType => Fixed(type, rows, validity, () => (byte)random.Next(2)),
            IntegerType { Bits: 8 } => Fixed(type, rows, validity, () => (sbyte)random.Next(-128, 128)),
            IntegerType { Bits: 16, Signed: true } => Fixed(type, rows, validity, () => (short)random.Next(short.MinValue, short.MaxValue + 1)),
            IntegerType { Bits: 16 } => Fixed(type, rows, validity, () => (ushort)random.Next(ushort.MaxValue + 1)),
            IntegerType { Bits: 32, Signed: true } => Fixed(type, rows, validity, () => (int)random.NextInt64(int.MinValue, 1L + int.MaxValue)),
            IntegerType { Bits: 32 } => Fixed(type, rows, validity, () => (uint)random.NextInt64(1L + uint.MaxValue)),
            IntegerType { Signed: true } => Fixed(type, rows, validity, () => random.NextInt64(long.MinValue, long.MaxValue)),
            IntegerType => Fixed(type, rows, validity, () => (ulong)random.NextInt64(long.MinValue, long.MaxValue)),
            FloatType { Bits: 32 } => Fixed(type, rows, validity, () => BitConverter.Int32BitsToSingle((int)random.NextInt64(int.MinValue, int.MaxValue))),
            FloatType => Fixed(type, rows, validity, () => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))),
            DecimalType { Precision: <= 4 } d => Fixed(type, rows, validity, () => (short)Digits(d.Precision)),
            DecimalType { Precision: <= 9 } d => Fixed(type, rows, validity, () => (int)Digits(d.Precision)),
            DecimalType { Precision: <= 18 } d => Fixed(type, rows, validity, () => (long)Digits(d.Precision)),
            DecimalType d => Fixed(type, rows, validity, () => Digits(d.Precision)),
            DateType => Fixed(type, rows, validity, () => random.Next(-700_000, 2_900_000)),
            TimeType t => Fixed(type, rows, validity, () => random.NextInt64(t.Unit == TimeUnit.Nanosecond ? 86_400_000_000_000 : 86_400_000_000)),
            TimestampType t => Fixed(type, rows, validity, () => random.NextInt64(-2_000_000_000, 2_000_000_000) * (long)Math.Pow(1000, (int)t.Unit) + random.Next(1000)),
            IntervalType => Fixed(type, rows, validity, () => new Interval(random.Next(-9999, 9999), random.Next(-9999, 9999), random.NextInt64(-1L << 50, 1L << 50))),
            StringType => Texts(type, rows, validity, () => Encoding.UTF8.GetBytes(_texts[random.Next(_texts.Length)])),
            BinaryType => Texts(type, rows, validity, () => [.. Enumerable.Range(0, random.Next(6)).Select(_ => (byte)random.Next(256))]),
            ListType l => Lists(type, rows, validity, total => Make(l.Element, total)),
            MapType m => Lists(type, rows, validity, total => new StructColumn(new StructType([new("key", m.Key), new("value", m.Value)]), [Make(m.Key, total, nullable: false), Make(m.Value, total)], total, null)),
            ArrayType a => Arrays(a, rows, validity),
            StructType s => new StructColumn(s, [.. s.Fields.Select(f => Make(f.Type, rows))], rows, validity),
            _ => throw new ArgumentException(type.ToString()),
        };
    }

    private Int128 Digits(int precision)
    {
        Int128 value = 0;
        for (int i = random.Next(precision + 1); i > 0; i--) value = value * 10 + random.Next(10);
        return random.Next(2) == 0 ? value : -value;
    }

    private ulong[]? Mask(int rows)
    {
        int kind = random.Next(4);
        if (kind == 0) return null;
        ulong[] mask = new ulong[(rows + 63) / 64];
        for (int i = 0; i < rows; i++)
            if (kind == 1 || (kind == 2 && random.Next(3) > 0)) mask[i >> 6] |= 1UL << (i & 63);
        return mask;
    }

    private static FixedColumn<T> Fixed<T>(DataType type, int rows, ulong[]? validity, Func<T> value) where T : unmanaged
    {
        var values = new T[rows];
        for (int i = 0; i < rows; i++) values[i] = value();
        return new(type, values, rows, validity);
    }

    private static TextColumn Texts(DataType type, int rows, ulong[]? validity, Func<byte[]> value)
    {
        int[] offsets = new int[rows + 1];
        List<byte> bytes = [];
        for (int i = 0; i < rows; i++)
        {
            bytes.AddRange(value());
            offsets[i + 1] = bytes.Count;
        }
        return new(type, offsets, [.. bytes], rows, validity);
    }

    private ListColumn Lists(DataType type, int rows, ulong[]? validity, Func<int, Column> elements)
    {
        int[] offsets = new int[rows + 1];
        offsets[0] = random.Next(3);
        for (int i = 0; i < rows; i++) offsets[i + 1] = offsets[i] + random.Next(4);
        return new(type, offsets, elements(offsets[^1] + random.Next(3)), rows, validity);
    }

    // Rows that are NULL may have no elements.
    private ListColumn Arrays(ArrayType type, int rows, ulong[]? validity)
    {
        int[] offsets = new int[rows + 1];
        bool gaps = random.Next(2) == 0;
        for (int i = 0; i < rows; i++) offsets[i + 1] = offsets[i] + (gaps && validity is not null && (validity[i >> 6] >> (i & 63) & 1) == 0 ? 0 : type.Length);
        return new(type, offsets, Make(type.Element, offsets[^1]), rows, validity);
    }
}
