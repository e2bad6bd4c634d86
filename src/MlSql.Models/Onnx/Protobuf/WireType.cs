namespace MlSql.Models.Onnx.Protobuf;

/// <summary>How a field's value is encoded; the numbers are Protocol Buffers'. Groups (3, 4) are none of ONNX's.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
