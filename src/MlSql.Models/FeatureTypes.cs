using MlSql.Columnar;
using MlSql.Models.Onnx;

namespace MlSql.Models;

/// <summary>Which column types are which kinds of feature.</summary>
public static class FeatureTypes
{
    /// <summary>
    /// The kind of feature that a column of this type becomes in training; null when it cannot be one (binary, times of day, intervals, UUIDs, maps, bare NULLs, lists of other than numbers, structs within structs).
    /// The length of a list is that of its type, or 0 while only the rows can tell.
    /// </summary>
    public static FeatureType? Of(DataType type) => type switch
    {
        StructType s => OfStruct(s),
        _ => OfPlain(type),
    };

    /// <summary>True when a column of this type can stand for the feature. A bare NULL stands for any; a boolean for a number (0, 1); a struct must have every field of the feature, in any order, and may have more.</summary>
    public static bool Accepts(FeatureType feature, DataType type) => type is NullType || feature switch
    {
        NumberFeature => IsNumber(type) || type is BooleanType,
        BooleanFeature => type is BooleanType,
        TextFeature => type is StringType or EnumType,
        DateFeature => type is DateType,
        InstantFeature => type is TimestampType { Zoned: true },
        LocalTimeFeature => type is TimestampType { Zoned: false },
        NumberListFeature l => type is ListType { Element: var e } && IsElement(e) || type is ArrayType a && a.Length == l.Length && IsElement(a.Element),
        TensorFeature t => Fits(t.Element, type),
        TensorListFeature l => type is ListType { Element: var e } && Fits(l.Element, e) || type is ArrayType a && a.Length == l.Length && Fits(l.Element, a.Element),
        StructFeature s => type is StructType given && AcceptsFields(s, given),
        _ => throw new System.Diagnostics.UnreachableException(feature.GetType().Name),
    };

    // Floating-point tensors take every number by rounding; whole-number ones take only types whose every value fits.
    private static bool Fits(TensorElement element, DataType type) => element switch
    {
        TensorElement.Text => type is StringType or EnumType,
        TensorElement.Boolean => type is BooleanType,
        TensorElement.Float or TensorElement.Double or TensorElement.Half or TensorElement.BFloat16 => IsElement(type),
        _ => type is BooleanType || type is IntegerType i && Holds(element, i) || type is DecimalType { Scale: 0 } d && d.Precision <= SafeDigits(element),
    };

    // As many decimal digits as always fit.
    private static int SafeDigits(TensorElement element) => element switch
    {
        TensorElement.Int8 => 2,
        TensorElement.Int16 => 4,
        TensorElement.Int32 => 9,
        TensorElement.Int64 => 18,
        _ => 0, // unsigned: a decimal may be negative
    };

    private static bool Holds(TensorElement element, IntegerType type)
    {
        (int bits, bool signed) = element switch
        {
            TensorElement.Int8 => (8, true),
            TensorElement.Int16 => (16, true),
            TensorElement.Int32 => (32, true),
            TensorElement.Int64 => (64, true),
            TensorElement.UInt8 => (8, false),
            TensorElement.UInt16 => (16, false),
            TensorElement.UInt32 => (32, false),
            TensorElement.UInt64 => (64, false),
            _ => throw new System.Diagnostics.UnreachableException(element.ToString()),
        };
        return type.Signed == signed ? type.Bits <= bits : signed && type.Bits < bits;
    }

    private static FeatureType? OfPlain(DataType type) => type switch
    {
        BooleanType => new BooleanFeature(),
        StringType or EnumType => new TextFeature(),
        DateType => new DateFeature(),
        TimestampType { Zoned: true } => new InstantFeature(),
        TimestampType => new LocalTimeFeature(),
        ListType l when IsElement(l.Element) => new NumberListFeature(0),
        ArrayType a when IsElement(a.Element) => new NumberListFeature(a.Length),
        _ => IsNumber(type) ? new NumberFeature() : null,
    };

    private static StructFeature? OfStruct(StructType type)
    {
        var fields = new Feature[type.Fields.Length];
        for (int i = 0; i < fields.Length; i++)
        {
            if (OfPlain(type.Fields[i].Type) is not { } field) return null;
            fields[i] = new Feature(type.Fields[i].Name, field);
        }
        return new StructFeature([.. fields]);
    }

    private static bool AcceptsFields(StructFeature feature, StructType type)
    {
        foreach (var field in feature.Fields)
        {
            int index = type.IndexOf(field.Name);
            if (index < 0 || !Accepts(field.Type, type.Fields[index].Type)) return false;
        }
        return true;
    }

    private static bool IsNumber(DataType type) => type is IntegerType or FloatType or DecimalType;

    private static bool IsElement(DataType type) => IsNumber(type) || type is BooleanType;
}
