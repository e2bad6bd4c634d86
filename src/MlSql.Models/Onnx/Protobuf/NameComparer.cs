namespace MlSql.Models.Onnx.Protobuf;

/// <summary>Compares names where they lie in the file, by their bytes: no name is copied, and none need be text.</summary>
internal sealed class NameComparer(ReadOnlyMemory<byte> file) : IEqualityComparer<Slice>
{
    public bool Equals(Slice x, Slice y) => x.Length == y.Length && x.Of(file.Span).SequenceEqual(y.Of(file.Span));

    public int GetHashCode(Slice name)
    {
        HashCode hash = new();
        hash.AddBytes(name.Of(file.Span));
        return hash.ToHashCode();
    }
}
