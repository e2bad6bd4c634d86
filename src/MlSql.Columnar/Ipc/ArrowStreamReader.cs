using MlSql.Columnar.Memory;

namespace MlSql.Columnar.Ipc;

/// <summary>
/// Reads an Arrow IPC stream: a schema, batches, an end marker. Columns are borrowed from the reader's memory, and only what Arrow lays out otherwise than <see cref="ColumnView"/> does is copied.
/// Whatever the sender claims is checked before it is used: hostile bytes end in <see cref="ArrowException"/>, nothing else. Compressed bodies and dictionaries are refused. Not for several threads at once.
/// </summary>
public sealed class ArrowStreamReader : IDisposable
{
    private readonly ArrowBatches _batches;
    private ArrowSchema? _schema;
    private bool _ended;

    /// <summary>Reads from a stream, which stays the caller's and is left right behind the end marker. A read that blocks is ended by closing the stream; the token is looked at between reads.</summary>
    public ArrowStreamReader(Stream stream, ArrowLimits? limits = null)
    {
        limits ??= new();
        _batches = new(new StreamedMessages(stream, limits), limits);
    }

    /// <summary>Reads a whole stream that lies in memory; bodies at multiples of 8 are used where they are. The bytes must stay as they are until the reader is disposed.</summary>
    public ArrowStreamReader(ReadOnlyMemory<byte> stream, ArrowLimits? limits = null)
    {
        limits ??= new();
        _batches = new(new BufferedMessages(stream, limits), limits);
    }

    /// <summary>The schema; reads it if that was not done yet. Throws <see cref="ArrowException"/> MLS6101 to MLS6106.</summary>
    public ArrowSchema ReadSchema(CancellationToken cancel) => _schema ??= _batches.ReadSchema(cancel);

    /// <summary>The next batch, valid until the next call or until the reader is disposed; null at the end of the stream. Throws <see cref="ArrowException"/> MLS6101 to MLS6107; after that the stream is of no use.</summary>
    public ArrowBatch? Next(CancellationToken cancel)
    {
        var schema = ReadSchema(cancel);
        if (_ended) return null;
        if (_batches.Next(schema, out int rows, cancel) is { } columns) return new ArrowBatch(this, schema, columns, rows);
        _ended = true;
        return null;
    }

    /// <summary>Gives the memory back; batches are void after that.</summary>
    public void Dispose() => _batches.Dispose();
}
