using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.Training.Rows;

/// <summary>A feature, or a field below a struct feature: what one featuriser reads.</summary>
internal sealed record FeatureLeaf(int Feature, ImmutableArray<int> Path, string Name, DataType Type)
{
    /// <summary>Structs may hold structs, which hold values; deeper is refused.</summary>
    public const int MaxStructDepth = 2;

    /// <summary>All leaves of the features, in order. Throws MLS3001 for types that cannot be features.</summary>
    public static List<FeatureLeaf> Of(ImmutableArray<Field> features)
    {
        List<FeatureLeaf> leaves = [];
        for (int i = 0; i < features.Length; i++) Collect(leaves, i, [], features[i].Name, features[i].Type);
        return leaves;
    }

    /// <summary>The view of this leaf within a batch's columns; <paramref name="parents"/> receives the structs above it that have NULL rows.</summary>
    public ColumnView View(ReadOnlySpan<ColumnView> columns, List<ColumnView> parents)
    {
        parents.Clear();
        ColumnView view = columns[Feature];
        foreach (int field in Path)
        {
            if (!view.AllValid) parents.Add(view);
            view = view.Children[field];
        }
        return view;
    }

    private static void Collect(List<FeatureLeaf> leaves, int feature, ImmutableArray<int> path, string name, DataType type)
    {
        if (type is StructType structure)
        {
            if (path.Length == MaxStructDepth) throw TrainingErrors.FeatureType(name, type, "Structs may be nested once; select the inner fields as columns of their own.");
            for (int i = 0; i < structure.Fields.Length; i++) Collect(leaves, feature, path.Add(i), $"{name}.{structure.Fields[i].Name}", structure.Fields[i].Type);
            return;
        }
        if (Refusal(type, name) is { } hint) throw TrainingErrors.FeatureType(name, type, hint);
        leaves.Add(new(feature, path, name, type));
    }

    private static string? Refusal(DataType type, string name) => type switch
    {
        BooleanType or IntegerType or FloatType or DecimalType or StringType or EnumType or DateType or TimestampType => null,
        ListType list when NumberReader.CanRead(list.Element) => null,
        ArrayType array when NumberReader.CanRead(array.Element) => null,
        ListType or ArrayType => "Lists of numbers can be features; take other lists apart in the query.",
        MapType => $"Take the entries out in the query, for example {name}['key'].",
        UuidType => $"An identifier is no feature; leave it out, or CAST({name} AS VARCHAR).",
        TimeType or OffsetTimeType => $"Make a number of it, for example epoch({name}).",
        IntervalType => $"Make a number of it, for example epoch({name}).",
        NullType => "Leave it out, or CAST it to a type.",
        _ => "Leave it out, or make a number or text of it in the query.",
    };
}
