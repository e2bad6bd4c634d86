using System.Collections.Immutable;

namespace MlSql.Columnar.Ipc;

/// <summary>How the bytes of a type lie in an Arrow stream where the type alone does not say.</summary>
public enum ArrowForm
{
    /// <summary>The only one, or the usual one: 32-bit offsets, intervals of months, days and nanoseconds.</summary>
    Usual,

    /// <summary>Texts and bytes with 64-bit offsets.</summary>
    LongOffsets,

    /// <summary>Intervals as 64 bits of microseconds (Spark's day-time intervals).</summary>
    Microseconds,

    /// <summary>Intervals as 32 bits of months (Spark's year-month intervals).</summary>
    Months,
}

/// <summary>A column or a nested field of an Arrow stream: what <see cref="Columnar.Field"/> says and what only Arrow says.</summary>
public sealed record ArrowField(string Name, DataType Type)
{
    /// <summary>False when the sender promises that there are no NULLs.</summary>
    public bool Nullable { get; init; } = true;

    /// <summary>How values lie in the stream.</summary>
    public ArrowForm Form { get; init; }

    /// <summary>The element of a list or array, the fields of a struct, for a map the one struct of key and value.</summary>
    public ImmutableArray<ArrowField> Children { get; init; } = [];

    /// <summary>Key and value pairs of the field (Spark marks VARIANT with them).</summary>
    public ImmutableArray<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>The field as it is written when nothing else is said. Throws <see cref="ArrowException"/> MLS6106 for a type that Arrow output does not support.</summary>
    public static ArrowField Of(string name, DataType type) => new(name, type) { Children = ChildrenOf(name, type) };

    // The names are those that Spark gives.
    private static ImmutableArray<ArrowField> ChildrenOf(string name, DataType type) => type switch
    {
        NullType or BooleanType or FloatType or StringType or BinaryType or DateType or TimestampType or IntervalType => [],
        IntegerType { Bits: <= 64 } => [],
        DecimalType { Precision: >= 1 and <= 38 } => [],
        TimeType { Unit: TimeUnit.Microsecond or TimeUnit.Nanosecond } => [],
        ListType list => [Of("element", list.Element)],
        ArrayType array => [Of("element", array.Element)],
        StructType fields => [.. fields.Fields.Select(f => Of(f.Name, f.Type))],
        MapType map => [new("entries", EntryType(map)) { Nullable = false, Children = [Of("key", map.Key) with { Nullable = false }, Of("value", map.Value)] }],
        _ => throw ArrowErrors.CannotWrite(type, name),
    };

    // A field that was put together by hand may have children that are not those of its type, or a type that is none for output.
    internal void Check()
    {
        var types = ChildrenOf(Name, Type).Select(child => child.Type);
        bool fits = Type is MapType map
            ? Children is [{ Type: StructType { Fields: [var key, var value] } }] && key.Type.Equals(map.Key) && value.Type.Equals(map.Value)
            : Children.Select(child => child.Type).SequenceEqual(types);
        if (!fits) throw new ArgumentException($"The children of an Arrow field are not those of {Type}: {Name}");
    }

    private static StructType EntryType(MapType map) => new([new Field("key", map.Key), new Field("value", map.Value)]);
}

/// <summary>The columns of an Arrow stream.</summary>
public sealed record ArrowSchema(ImmutableArray<ArrowField> Fields)
{
    /// <summary>Names and types.</summary>
    public Schema Schema { get; } = new([.. Fields.Select(f => new Field(f.Name, f.Type))]);

    /// <summary>The schema as it is written when nothing else is said: every field may be NULL. Throws <see cref="ArrowException"/> MLS6106 for a type that Arrow output does not support.</summary>
    public static ArrowSchema Of(Schema schema) => new([.. schema.Fields.Select(f => ArrowField.Of(f.Name, f.Type))]);
}
