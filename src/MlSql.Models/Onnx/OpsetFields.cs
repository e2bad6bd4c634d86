using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx;

/// <summary>An OperatorSetIdProto.</summary>
internal static class OpsetFields
{
    /// <summary>Reads domain and version; a version newer than the runtime's is refused.</summary>
    public static (Slice Domain, long Version) Read(ModelFile file, Slice message)
    {
        Slice domain = default;
        long version = 0;
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
            if (fields.Is(1, WireType.Bytes)) domain = fields.Content;
            else if (fields.Is(2, WireType.Varint)) version = (long)fields.Value;
        string name = file.Text(domain, "The name of an operator domain");
        if (RuntimeSupport.Opset(name) is { } newest && version > newest) throw file.Errors.UnsupportedOpset(name.Length == 0 ? "ai.onnx" : name, version, newest);
        return (domain, version);
    }
}
