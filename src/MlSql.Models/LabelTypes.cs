using MlSql.Columnar;

namespace MlSql.Models;

/// <summary>The SQL types in which predicted classes are given.</summary>
public static class LabelTypes
{
    private static readonly DataType[] All =
    [
        new BooleanType(), new StringType(), new FloatType(32), new FloatType(64),
        new IntegerType(8, true), new IntegerType(16, true), new IntegerType(32, true), new IntegerType(64, true),
        new IntegerType(8, false), new IntegerType(16, false), new IntegerType(32, false), new IntegerType(64, false),
    ];

    /// <summary>The type for a label column: its own where it is a boolean, an integer of up to 64 bits, a float or text; VARCHAR for enums, DOUBLE for other numbers.</summary>
    public static DataType Of(DataType label) => label switch
    {
        EnumType => new StringType(),
        IntegerType { Bits: 128 } or DecimalType => new FloatType(64),
        _ => label,
    };

    /// <summary>Reads a type's SQL name, in any case; null for a type that is not a label's.</summary>
    public static DataType? Parse(string name) => Array.Find(All, t => string.Equals(t.ToString(), name, StringComparison.OrdinalIgnoreCase));
}
