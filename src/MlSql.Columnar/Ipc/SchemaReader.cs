using System.Collections.Immutable;

namespace MlSql.Columnar.Ipc;

/// <summary>Reads the schema message: the fields of the stream and the types that they are for us.</summary>
internal ref struct SchemaReader
{
    private readonly int _depth;
    private int _fields;
    private int _characters;

    // Tables may be shared, so a small buffer could describe a tree without end: both budgets are more than an honest schema of this size needs.
    private SchemaReader(int metadata, ArrowLimits limits)
    {
        _depth = limits.Depth;
        _fields = metadata / 8;
        _characters = 4 * metadata;
    }

    public static ArrowSchema Read(FlatTable schema, int metadata, ArrowLimits limits)
    {
        if (schema.Short(0) != 0) throw ArrowErrors.Malformed("its numbers are big-endian");
        return new(new SchemaReader(metadata, limits).Fields(schema.Tables(1), 0));
    }

    private ImmutableArray<ArrowField> Fields(FlatTables tables, int depth)
    {
        if (tables.Count > 0 && depth >= _depth) throw ArrowErrors.TooDeep(_depth);
        if ((_fields -= tables.Count) < 0) throw ArrowErrors.Malformed("its fields share their descriptions");
        var fields = ImmutableArray.CreateBuilder<ArrowField>(tables.Count);
        for (int i = 0; i < tables.Count; i++) fields.Add(ReadField(tables[i], depth));
        return fields.MoveToImmutable();
    }

    private ArrowField ReadField(FlatTable table, int depth)
    {
        string name = Text(table, 0);
        if (table.Has(4)) throw ArrowErrors.DictionaryEncoded(name);
        var id = (ArrowTypeId)table.Byte(2);
        var children = Fields(table.Tables(5), depth + 1);
        return new ArrowField(name, Type(id, table.Table(3), name, children, out var form))
        {
            Nullable = table.Byte(1) != 0,
            Form = form,
            Children = children,
            Metadata = ReadMetadata(table.Tables(6)),
        };
    }

    private ImmutableArray<KeyValuePair<string, string>> ReadMetadata(FlatTables pairs)
    {
        if ((_fields -= pairs.Count) < 0) throw ArrowErrors.Malformed("its fields share their descriptions");
        var read = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(pairs.Count);
        for (int i = 0; i < pairs.Count; i++) read.Add(new(Text(pairs[i], 0), Text(pairs[i], 1)));
        return read.MoveToImmutable();
    }

    private string Text(FlatTable table, int slot)
    {
        if ((_characters -= table.TextLength(slot)) < 0) throw ArrowErrors.Malformed("its fields share their names");
        return table.Text(slot);
    }

    private static DataType Type(ArrowTypeId id, FlatTable type, string name, ImmutableArray<ArrowField> children, out ArrowForm form)
    {
        form = id switch
        {
            ArrowTypeId.LargeBinary or ArrowTypeId.LargeUtf8 => ArrowForm.LongOffsets,
            ArrowTypeId.Duration => ArrowForm.Microseconds,
            ArrowTypeId.Interval when type.Short(0) == 0 => ArrowForm.Months,
            _ => ArrowForm.Usual,
        };
        int expected = id switch
        {
            ArrowTypeId.List or ArrowTypeId.FixedSizeList or ArrowTypeId.Map => 1,
            ArrowTypeId.Struct => children.Length,
            _ => 0,
        };
        bool known = Enum.IsDefined(id) && id != ArrowTypeId.None;
        DataType? read = !known ? null : id switch
        {
            ArrowTypeId.Null => new NullType(),
            ArrowTypeId.Bool => new BooleanType(),
            ArrowTypeId.Int when type.Int(0) is 8 or 16 or 32 or 64 => new IntegerType(type.Int(0), type.Byte(1) != 0),
            ArrowTypeId.FloatingPoint when type.Short(0) is 1 or 2 => new FloatType(32 * type.Short(0)),
            ArrowTypeId.Utf8 or ArrowTypeId.LargeUtf8 => new StringType(),
            ArrowTypeId.Binary or ArrowTypeId.LargeBinary => new BinaryType(),
            ArrowTypeId.Decimal when type.Int(2, 128) == 128 => Decimal(type.Int(0), type.Int(1)),
            ArrowTypeId.Date when type.Short(0, 1) == 0 => new DateType(),
            ArrowTypeId.Time when type.Int(1, 32) == 64 && type.Short(0, 1) is 2 or 3 => new TimeType((TimeUnit)type.Short(0, 1)),
            ArrowTypeId.Timestamp when type.Short(0) is >= 0 and <= 3 => new TimestampType((TimeUnit)type.Short(0), type.TextLength(1) > 0),
            ArrowTypeId.Duration when type.Short(0, 1) == 2 => new IntervalType(),
            ArrowTypeId.Interval when type.Short(0) is 0 or 2 => new IntervalType(),
            ArrowTypeId.Struct => new StructType([.. children.Select(f => new Field(f.Name, f.Type))]),
            ArrowTypeId.List or ArrowTypeId.FixedSizeList or ArrowTypeId.Map when children.Length == 1 => Lists(id, type, children[0]),
            _ => null,
        };
        if (known && children.Length != expected) throw ArrowErrors.Malformed("a type has the wrong number of children");
        return read ?? throw ArrowErrors.Unsupported(known ? id.ToString() : "of an unknown kind", name);
    }

    private static DecimalType Decimal(int precision, int scale)
    {
        if (precision is < 1 or > 38 || scale < 0 || scale > precision) throw ArrowErrors.Malformed("a decimal has a precision or scale that none can have");
        return new DecimalType(precision, scale);
    }

    private static DataType Lists(ArrowTypeId id, FlatTable type, ArrowField child)
    {
        switch (id)
        {
            case ArrowTypeId.List:
                return new ListType(child.Type);
            case ArrowTypeId.FixedSizeList:
                int length = type.Int(0);
                return length >= 0 ? new ArrayType(child.Type, length) : throw ArrowErrors.Malformed("an array has a negative length");
            default:
                return child.Type is StructType { Fields: [var key, var value] } ? new MapType(key.Type, value.Type) : throw ArrowErrors.Malformed("the entries of a map are not pairs");
        }
    }
}
