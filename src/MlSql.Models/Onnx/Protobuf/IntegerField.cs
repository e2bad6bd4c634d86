namespace MlSql.Models.Onnx.Protobuf;

/// <summary>Goes over the integers of one repeated field of a message, packed or not.</summary>
internal ref struct IntegerField(ReadOnlySpan<byte> file, Slice message, int number, CancellationToken cancel)
{
    private const uint NumbersBetweenLooks = 1 << 12;
    private readonly ReadOnlySpan<byte> _file = file;
    private readonly CancellationToken _cancel = cancel;
    private ProtobufReader _fields = new(file, message, cancel);
    private ProtobufReader _packed = new(file, default, cancel);
    private int _packedEnd;
    private uint _numbers;

    /// <summary>The current integer.</summary>
    public long Current { get; private set; }

    public bool MoveNext()
    {
        if (++_numbers % NumbersBetweenLooks == 0) _cancel.ThrowIfCancellationRequested();
        while (_packed.Position >= _packedEnd)
        {
            if (!_fields.Next()) return false;
            if (_fields.Is(number, WireType.Varint))
            {
                Current = (long)_fields.Value;
                return true;
            }
            if (!_fields.Is(number, WireType.Bytes)) continue;
            _packed = new(_file, _fields.Content, _cancel);
            _packedEnd = _fields.Content.End;
        }
        Current = (long)_packed.Varint();
        return true;
    }

    public readonly IntegerField GetEnumerator() => this;
}
