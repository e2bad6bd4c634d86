namespace MlSql.Models.Onnx.Protobuf;

/// <summary>A range of a file's bytes.</summary>
internal readonly record struct Slice(int Start, int Length)
{
    public int End => Start + Length;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> file) => file.Slice(Start, Length);
}
