using System.Buffers.Binary;
using System.Text;

namespace MlSql.Worker.Tasks;

/// <summary>Takes a task's description apart. Trusts nothing: every length is held against the bytes that are left.</summary>
internal sealed class FieldReader(ReadOnlyMemory<byte> bytes)
{
    private ReadOnlyMemory<byte> _left = bytes;

    public bool AtEnd => _left.IsEmpty;

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)).Span);

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)).Span);

    public bool Flag() => Take(1).Span[0] != 0;

    public ReadOnlyMemory<byte> Bytes() => Take(Int32());

    public string Text() => Encoding.UTF8.GetString(Bytes().Span);

    /// <summary>A number of things that follow, each of at least <paramref name="leastBytes"/>: never more than can be there.</summary>
    public int Count(int leastBytes)
    {
        int count = Int32();
        return count >= 0 && count <= _left.Length / leastBytes ? count : throw WorkerErrors.Malformed($"{count} items are announced where {_left.Length} bytes are left");
    }

    public void End()
    {
        if (!AtEnd) throw WorkerErrors.Malformed($"{_left.Length} bytes of the task's description are too many");
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        if ((uint)length > (uint)_left.Length) throw WorkerErrors.Malformed($"{length} bytes are announced where {_left.Length} are left");
        var taken = _left[..length];
        _left = _left[length..];
        return taken;
    }
}
