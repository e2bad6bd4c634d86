using MlSql.Columnar.Ipc;

namespace MlSql.Columnar.Memory;

/// <summary>Reads schema and batches from messages; owns the memory of the batch that was read last.</summary>
internal sealed unsafe class ArrowBatches(ArrowMessages messages, ArrowLimits limits) : IDisposable
{
    private const short OldestVersion = 3;
    private const short NewestVersion = 4;

    private readonly PinnedArena _scratch = new(1 << 12);

    /// <summary>The schema, which is the first message.</summary>
    public ArrowSchema ReadSchema(CancellationToken cancel)
    {
        var metadata = messages.Metadata(cancel);
        if (metadata.IsEmpty) throw ArrowErrors.Truncated("there is no schema");
        var message = Message(metadata, out var kind);
        if (kind != MessageKind.Schema || message.Long(3) != 0) throw ArrowErrors.Malformed("it does not begin with a schema");
        return SchemaReader.Read(message.Table(2), metadata.Length, limits);
    }

    /// <summary>The columns of the next batch; null at the end.</summary>
    public ColumnView[]? Next(ArrowSchema schema, out int rows, CancellationToken cancel)
    {
        rows = 0;
        var metadata = messages.Metadata(cancel);
        if (metadata.IsEmpty) return null;
        var message = Message(metadata, out var kind);
        if (kind == MessageKind.Dictionary) throw ArrowErrors.DictionaryEncoded("a dictionary was sent");
        if (kind != MessageKind.Batch) throw ArrowErrors.Malformed("a message is not a batch");
        long length = message.Long(3);
        byte* body = messages.Body(length, out long readable, cancel);
        _scratch.Reset();
        return new ArrowBody(body, length, readable, _scratch, limits).Columns(message.Table(2), schema, out rows);
    }

    /// <inheritdoc/>
    public void Dispose() => messages.Dispose();

    private static FlatTable Message(ReadOnlySpan<byte> metadata, out MessageKind kind)
    {
        var message = FlatTable.Root(metadata);
        if (message.Short(0) is < OldestVersion or > NewestVersion) throw ArrowErrors.Malformed("its version is not known");
        kind = (MessageKind)message.Byte(1);
        return message;
    }
}
