namespace MlSql.Models.Onnx.Tensors;

/// <summary>The field numbers of a TensorProto.</summary>
internal static class TensorFields
{
    public const int Dimensions = 1;
    public const int Type = 2;
    public const int Floats = 4;
    public const int Int32s = 5;
    public const int Texts = 6;
    public const int Int64s = 7;
    public const int Name = 8;
    public const int Raw = 9;
    public const int Doubles = 10;
    public const int UInt64s = 11;
    public const int ExternalData = 13;
    public const int DataLocation = 14;
}
