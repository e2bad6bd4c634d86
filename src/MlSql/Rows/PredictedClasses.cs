using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Models;

namespace MlSql.Rows;

/// <summary>The classes of a model as values of .NET.</summary>
internal static class PredictedClasses
{
    /// <summary>The classes in the type in which they are predicted, or for a model that predicts their probabilities in one of their own.</summary>
    public static ImmutableArray<object> Of(ModelSignature signature, DataType predicted)
    {
        if (signature.Classes is not { } classes) return [];
        var type = signature.Task != ModelTask.Booster ? predicted : classes.Kind switch
        {
            ClassKind.Text => new StringType(),
            ClassKind.Boolean => new BooleanType(),
            ClassKind.Integer => new IntegerType(64, true),
            _ => new FloatType(64),
        };
        return [.. classes.Values.Select(value => Of(value, type))];
    }

    private static object Of(string value, DataType type) => type switch
    {
        BooleanType => value is "true" or "1",
        IntegerType { Bits: 8, Signed: true } => sbyte.Parse(value, CultureInfo.InvariantCulture),
        IntegerType { Bits: 8 } => byte.Parse(value, CultureInfo.InvariantCulture),
        IntegerType { Bits: 16, Signed: true } => short.Parse(value, CultureInfo.InvariantCulture),
        IntegerType { Bits: 16 } => ushort.Parse(value, CultureInfo.InvariantCulture),
        IntegerType { Bits: 32, Signed: true } => int.Parse(value, CultureInfo.InvariantCulture),
        IntegerType { Bits: 32 } => uint.Parse(value, CultureInfo.InvariantCulture),
        IntegerType { Signed: true } => long.Parse(value, CultureInfo.InvariantCulture),
        IntegerType => ulong.Parse(value, CultureInfo.InvariantCulture),
        FloatType { Bits: 32 } => float.Parse(value, CultureInfo.InvariantCulture),
        FloatType => double.Parse(value, CultureInfo.InvariantCulture),
        _ => value,
    };
}
