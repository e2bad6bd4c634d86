using System.Buffers.Binary;
using MlSql.Columnar.Memory;

namespace MlSql.Columnar.Ipc;

/// <summary>
/// Writes an Arrow IPC stream: the schema, batches, the end marker. Uncompressed, without dictionaries. A batch is filled in place between <see cref="Begin"/> and <see cref="Send"/>, in one buffer that is used again and
/// again and goes out with its header in one piece; or a <see cref="RecordBatch"/> is written whole. Not for several threads at once.
/// </summary>
public sealed class ArrowStreamWriter
{
    private const int PrefixLength = 8;
    private const int Continuation = -1;
    private const short Version = 4;

    private readonly Stream _stream;
    private readonly FlatBuilder _metadata = new();
    private readonly PinnedArena _body = new();
    private readonly PinnedArena _scratch = new(1 << 12);
    private readonly ArrowOutput[] _columns;
    private readonly ArrowLayout _layout;
    private readonly byte[] _schemaMessage;
    private readonly int _headroom;
    private int? _rows;
    private bool _started;

    /// <summary>Writes to a stream, which stays the caller's. Throws <see cref="ArrowException"/> MLS6106 for a type that Arrow output does not support, <see cref="ArgumentException"/> for a field whose children are not those of its type.</summary>
    public ArrowStreamWriter(Stream stream, ArrowSchema schema)
    {
        _stream = stream;
        Schema = schema;
        _schemaMessage = SchemaMessage();
        _columns = [.. schema.Fields.Select(field => new ArrowOutput(field, _body, _scratch))];
        _headroom = HeaderLength();
        _layout = new ArrowLayout(_body, _headroom);
    }

    /// <summary>The columns of the stream.</summary>
    public ArrowSchema Schema { get; }

    /// <summary>Writes the schema, if that was not done yet; a stream without batches needs it.</summary>
    public void Start(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (_started) return;
        _stream.Write(_schemaMessage);
        _started = true;
    }

    /// <summary>Begins a batch: the columns to be filled, in the order of the schema. A batch that was begun before and not sent is dropped.</summary>
    public ReadOnlySpan<ArrowOutput> Begin(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        _rows = null;
        long expected = 0;
        foreach (var column in _columns) expected += column.Expected(rows);
        _body.Reset(_headroom, expected);
        _scratch.Reset();
        foreach (var column in _columns) column.Reset(rows);
        _rows = rows;
        return _columns;
    }

    /// <summary>Sends the batch that was begun. Throws <see cref="ArrowException"/> MLS6107 for a value that its column's form cannot hold; then nothing of the batch was sent.</summary>
    public void Send(CancellationToken cancel)
    {
        int rows = _rows ?? throw new InvalidOperationException("No batch was begun");
        _layout.Clear();
        foreach (var column in _columns) column.LayOut(_layout);
        var metadata = BatchMetadata(rows, _layout.Nodes, _layout.Buffers, _body.Used);
        int unused = _headroom - PrefixLength - metadata.Length;
        var header = _body.Headroom(_headroom)[unused..];
        WritePrefix(header, metadata.Length);
        metadata.CopyTo(header[PrefixLength..]);
        Start(cancel);
        for (int segment = 0; segment < _body.Segments; segment++)
        {
            cancel.ThrowIfCancellationRequested();
            _stream.Write(_body.Bytes(segment)[(segment == 0 ? unused : 0)..]);
        }
        _rows = null;
    }

    /// <summary>Writes a batch of columns that own their memory; their types must be those of the schema. Throws <see cref="ArrowException"/> MLS6103, MLS6107 or MLS6108.</summary>
    public void Write(RecordBatch batch, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(batch.Columns.Count, _columns.Length);
        var columns = Begin(batch.Rows);
        for (int i = 0; i < columns.Length; i++) ColumnWriter.Write(batch.Columns[i], columns[i]);
        Send(cancel);
    }

    /// <summary>Writes the end marker, and the schema before it if that was not done yet.</summary>
    public void End(CancellationToken cancel)
    {
        Start(cancel);
        Span<byte> marker = stackalloc byte[PrefixLength];
        WritePrefix(marker, 0);
        _stream.Write(marker);
    }

    private static void WritePrefix(Span<byte> into, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into, Continuation);
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], length);
    }

    private byte[] SchemaMessage()
    {
        _metadata.Clear();
        var metadata = Message(MessageKind.Schema, SchemaWriter.Write(_metadata, Schema), 0);
        byte[] message = new byte[PrefixLength + metadata.Length];
        WritePrefix(message, metadata.Length);
        metadata.CopyTo(message.AsSpan(PrefixLength));
        return message;
    }

    // The metadata of all batches of a schema is of one length: every number is written, also 0.
    private int HeaderLength()
    {
        int nodes = 0, buffers = 0;
        foreach (var column in _columns) column.Count(ref nodes, ref buffers);
        int length = PrefixLength + BatchMetadata(0, new long[2 * nodes], new long[2 * buffers], 0).Length;
        return (length + PinnedBuffer.Alignment - 1) & -PinnedBuffer.Alignment;
    }

    private ReadOnlySpan<byte> BatchMetadata(int rows, ReadOnlySpan<long> nodes, ReadOnlySpan<long> buffers, long bodyLength)
    {
        _metadata.Clear();
        int bufferPlace = _metadata.Pairs(buffers), nodePlace = _metadata.Pairs(nodes);
        _metadata.BeginTable(4);
        _metadata.Long(0, rows);
        _metadata.Reference(1, nodePlace);
        _metadata.Reference(2, bufferPlace);
        return Message(MessageKind.Batch, _metadata.EndTable(), bodyLength);
    }

    private ReadOnlySpan<byte> Message(MessageKind kind, int header, long bodyLength)
    {
        _metadata.BeginTable(4);
        _metadata.Long(3, bodyLength);
        _metadata.Reference(2, header);
        _metadata.Short(0, Version);
        _metadata.Byte(1, (byte)kind);
        return _metadata.Finish(_metadata.EndTable());
    }
}
