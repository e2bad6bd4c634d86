using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx;

/// <summary>A StringStringEntryProto: metadata and external data are lists of them.</summary>
internal static class TextPair
{
    public static (Slice Key, Slice Value) Read(ModelFile file, Slice message)
    {
        Slice key = default, value = default;
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
            if (fields.Is(1, WireType.Bytes)) key = fields.Content;
            else if (fields.Is(2, WireType.Bytes)) value = fields.Content;
        return (key, value);
    }
}
