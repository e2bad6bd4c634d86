using MlSql.Models;

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
        StructFeature => "a STRUCT",
        _ => throw new System.Diagnostics.UnreachableException(type.GetType().Name),
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
            _ => null,
        };
        return type is null ? null : $"CAST({feature.Name} AS {type})";
    }
}
