namespace MlSql.Models.Onnx.Protobuf;

/// <summary>Bytes that are no message of Protocol Buffers; the reader's entry turns it into an error that names the file.</summary>
internal sealed class MalformedProtobufException(string message, int offset) : Exception(message)
{
    /// <summary>Where in the file.</summary>
    public int Offset { get; } = offset;
}
