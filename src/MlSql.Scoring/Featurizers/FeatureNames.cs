using System.Diagnostics;
using System.Globalization;
using MlSql.Models;

namespace MlSql.Scoring.Featurizers;

/// <summary>Says in messages what a feature takes.</summary>
internal static class FeatureNames
{
    public static string Of(FeatureType type) => type switch
    {
        NumberFeature => "a number",
        BooleanFeature => "BOOLEAN",
        TextFeature => "VARCHAR or an ENUM",
        DateFeature => "DATE",
        InstantFeature => "TIMESTAMP WITH TIME ZONE",
        LocalTimeFeature => "TIMESTAMP",
        NumberListFeature l => string.Create(CultureInfo.InvariantCulture, $"a list of {l.Length} numbers"),
        TensorFeature t => $"a value for a tensor of {t.Element.ToString().ToLowerInvariant()}",
        TensorListFeature l => string.Create(CultureInfo.InvariantCulture, $"a list of {l.Length} values for a tensor of {l.Element.ToString().ToLowerInvariant()}"),
        StructFeature s => $"STRUCT({string.Join(", ", s.Fields.Select(f => $"{f.Name}: {Of(f.Type)}"))})",
        _ => throw new UnreachableException(type.GetType().Name),
    };
}
