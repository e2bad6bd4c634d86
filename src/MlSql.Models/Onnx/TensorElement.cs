namespace MlSql.Models.Onnx;

/// <summary>What one element of a tensor is; the numbers are ONNX's (TensorProto.DataType).</summary>
public enum TensorElement
{
    /// <summary>IEEE 754, 32 bits.</summary>
    Float = 1,

    /// <summary>0 … 255.</summary>
    UInt8 = 2,

    /// <summary>−128 … 127.</summary>
    Int8 = 3,

    /// <summary>0 … 65,535.</summary>
    UInt16 = 4,

    /// <summary>16 bits, signed.</summary>
    Int16 = 5,

    /// <summary>32 bits, signed.</summary>
    Int32 = 6,

    /// <summary>64 bits, signed.</summary>
    Int64 = 7,

    /// <summary>UTF-8 text.</summary>
    Text = 8,

    /// <summary>One byte, 0 or 1.</summary>
    Boolean = 9,

    /// <summary>IEEE 754, 16 bits.</summary>
    Half = 10,

    /// <summary>IEEE 754, 64 bits.</summary>
    Double = 11,

    /// <summary>32 bits, unsigned.</summary>
    UInt32 = 12,

    /// <summary>64 bits, unsigned.</summary>
    UInt64 = 13,

    /// <summary>The upper half of a 32-bit IEEE 754 number.</summary>
    BFloat16 = 16,
}
