using System.Reflection;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;

namespace MlSql.Rows;

/// <summary>The column types that types of .NET stand for.</summary>
internal static class ClrTypes
{
    private static readonly Dictionary<Type, DataType> Plain = new()
    {
        [typeof(bool)] = new BooleanType(),
        [typeof(sbyte)] = new IntegerType(8, true),
        [typeof(byte)] = new IntegerType(8, false),
        [typeof(short)] = new IntegerType(16, true),
        [typeof(ushort)] = new IntegerType(16, false),
        [typeof(int)] = new IntegerType(32, true),
        [typeof(uint)] = new IntegerType(32, false),
        [typeof(long)] = new IntegerType(64, true),
        [typeof(ulong)] = new IntegerType(64, false),
        [typeof(Int128)] = new IntegerType(128, true),
        [typeof(UInt128)] = new IntegerType(128, false),
        [typeof(float)] = new FloatType(32),
        [typeof(double)] = new FloatType(64),
        // Each decimal has a scale of its own, so that a column has none. The nearest double is what scoring makes of SQL's decimals.
        [typeof(decimal)] = new FloatType(64),
        [typeof(string)] = new StringType(),
        [typeof(DateOnly)] = new DateType(),
        [typeof(DateTime)] = new TimestampType(TimeUnit.Microsecond, false),
        [typeof(DateTimeOffset)] = new TimestampType(TimeUnit.Microsecond, true),
        [typeof(TimeOnly)] = new TimeType(TimeUnit.Microsecond),
    };

    /// <summary>The type of a property, or of a value, as a column for the feature; a type that no feature takes keeps its name.</summary>
    public static DataType Of(Type type, FeatureType feature)
    {
        if (Plain.TryGetValue(Nullable.GetUnderlyingType(type) ?? type, out var plain)) return plain;
        if (ElementOf(type) is { } element && Plain.TryGetValue(Nullable.GetUnderlyingType(element) ?? element, out var elements)) return new ListType(elements);
        if (feature is StructFeature fields && PropertiesOf(type) is { Length: > 0 } properties) return OfStruct(fields, properties);
        return new OpaqueType(type.Name);
    }

    /// <summary>The public properties that can be read.</summary>
    public static PropertyInfo[] PropertiesOf(Type type) => [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0 && p.PropertyType is { IsByRef: false, IsByRefLike: false, IsPointer: false })];

    /// <summary>The property that the name means: exactly, else by case; null where there is none.</summary>
    public static PropertyInfo? Find(PropertyInfo[] properties, string name) =>
        Array.Find(properties, p => p.Name == name) ?? Array.Find(properties, p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The element type of a list that can be counted; null for what is no list.</summary>
    public static Type? ElementOf(Type type) =>
        type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))?.GetGenericArguments()[0];

    /// <summary>A column for one value of the feature.</summary>
    public static RowColumn Column(FeatureType feature, DataType type) => new(type, 1, Elements(feature));

    // A struct's fields that the feature does not have are left out; those that it lacks are missed by the binder.
    private static StructType OfStruct(StructFeature feature, PropertyInfo[] properties) =>
        new([.. feature.Fields.Select(f => (Field: f, Property: Find(properties, f.Name))).Where(f => f.Property is not null).Select(f => new Field(f.Property!.Name, Of(f.Property.PropertyType, f.Field.Type)))]);

    private static int Elements(FeatureType feature) => feature switch
    {
        NumberListFeature list => list.Length,
        TensorListFeature list => list.Length,
        StructFeature fields => fields.Fields.Select(f => Elements(f.Type)).DefaultIfEmpty().Max(),
        _ => 0,
    };
}
