using MlSql.Models;
using MlSql.Models.Onnx;

namespace MlSql.Planning.Binding;

/// <summary>Says what a feature is, in words and as the cast that makes it.</summary>
internal static class Kinds
{
    public static string Of(FeatureType type) => type switch
    {
        NumberFeature => "a number",
        BooleanFeature => "a BOOLEAN",
        TextFeature => "text",
        DateFeature => "a DATE",
        InstantFeature => "a TIMESTAMP WITH TIME ZONE",
        LocalTimeFeature => "a TIMESTAMP",
        NumberListFeature l => $"a list of {l.Length} numbers",
        TensorFeature t => OfElement(t.Element),
        TensorListFeature l => $"a list of {l.Length} elements, each {OfElement(l.Element)}",
        StructFeature => "a STRUCT",
        _ => throw new System.Diagnostics.UnreachableException(type.GetType().Name),
    };

    private static string OfElement(TensorElement element) => element switch
    {
        TensorElement.Text => "text",
        TensorElement.Boolean => "a BOOLEAN",
        TensorElement.Float or TensorElement.Double or TensorElement.Half or TensorElement.BFloat16 => "a number",
        _ => $"an integer that fits {element.ToString().ToLowerInvariant()}",
    };

    private static string? CastOf(TensorElement element) => element switch
    {
        TensorElement.Text => "VARCHAR",
        TensorElement.Boolean => "BOOLEAN",
        TensorElement.Float => "FLOAT",
        TensorElement.Double or TensorElement.Half or TensorElement.BFloat16 => "DOUBLE",
        TensorElement.Int8 => "TINYINT",
        TensorElement.Int16 => "SMALLINT",
        TensorElement.Int32 => "INTEGER",
        TensorElement.Int64 => "BIGINT",
        TensorElement.UInt8 => "UTINYINT",
        TensorElement.UInt16 => "USMALLINT",
        TensorElement.UInt32 => "UINTEGER",
        TensorElement.UInt64 => "UBIGINT",
        _ => null,
    };

    public static string? CastHint(Feature feature)
    {
        string? type = feature.Type switch
        {
            NumberFeature => "DOUBLE",
            BooleanFeature => "BOOLEAN",
            TextFeature => "VARCHAR",
            DateFeature => "DATE",
            InstantFeature => "TIMESTAMPTZ",
            LocalTimeFeature => "TIMESTAMP",
            TensorFeature t => CastOf(t.Element),
            TensorListFeature l => CastOf(l.Element) is { } element ? element + "[]" : null,
            _ => null,
        };
        return type is null ? null : $"CAST({feature.Name} AS {type})";
    }
}
