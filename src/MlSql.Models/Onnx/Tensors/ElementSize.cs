namespace MlSql.Models.Onnx.Tensors;

/// <summary>How elements of ONNX's types (TensorProto.DataType) are stored.</summary>
internal static class ElementSize
{
    public const int Text = 8;

    /// <summary>Bits of one element in raw data; 0 for text, null for an unknown type.</summary>
    public static int? Bits(long type) => type switch
    {
        Text => 0,
        2 or 3 or 9 or (>= 17 and <= 20) or 24 => 8,
        4 or 5 or 10 or 16 => 16,
        1 or 6 or 12 => 32,
        7 or 11 or 13 or 14 => 64,
        15 => 128,
        21 or 22 or 23 => 4,
        25 or 26 => 2,
        _ => null,
    };

    /// <summary>The field of a TensorProto that carries elements of a type when they are not raw.</summary>
    public static int Field(long type) => type switch
    {
        1 or 14 => TensorFields.Floats,
        Text => TensorFields.Texts,
        7 => TensorFields.Int64s,
        11 or 15 => TensorFields.Doubles,
        12 or 13 => TensorFields.UInt64s,
        _ => TensorFields.Int32s,
    };

    /// <summary>How many entries of that field hold some number of elements: complex numbers take two, small ones share a byte.</summary>
    public static long Entries(long type, long elements) => type switch
    {
        14 or 15 => checked(2 * elements),
        _ when Bits(type) is 2 or 4 => (elements * Bits(type)!.Value + 7) / 8,
        _ => elements,
    };
}
