using MlSql.Columnar;
using MlSql.Columnar.Ipc;
using MlSql.UnitTests.Engines.DuckDb;

namespace MlSql.UnitTests.Columnar.Ipc;

/// <summary>Whole Arrow streams to batches and back.</summary>
internal static class Streams
{
    public static List<RecordBatch> Read(byte[] bytes, out ArrowSchema schema)
    {
        using MemoryStream stream = new(bytes);
        using ArrowStreamReader reader = new(stream);
        var batches = Drain(reader, out schema);
        Assert.That(stream.Position, Is.EqualTo(stream.Length), "nothing is read behind the end marker, all before it is");
        return batches;
    }

    public static List<RecordBatch> ReadInPlace(ReadOnlyMemory<byte> bytes, out ArrowSchema schema)
    {
        using ArrowStreamReader reader = new(bytes);
        return Drain(reader, out schema);
    }

    public static byte[] Write(ArrowSchema schema, params IEnumerable<RecordBatch> batches)
    {
        using MemoryStream stream = new();
        ArrowStreamWriter writer = new(stream, schema);
        foreach (var batch in batches) writer.Write(batch, CancellationToken.None);
        writer.End(CancellationToken.None);
        return stream.ToArray();
    }

    /// <summary>All rows as text, a line each.</summary>
    public static string[] Text(IEnumerable<RecordBatch> batches) =>
        [.. batches.SelectMany(b => Enumerable.Range(0, b.Rows).Select(row => string.Join("; ", b.Columns.Select(c => ValueText.Of(c, row)))))];

    private static List<RecordBatch> Drain(ArrowStreamReader reader, out ArrowSchema schema)
    {
        schema = reader.ReadSchema(CancellationToken.None);
        List<RecordBatch> batches = [];
        while (reader.Next(CancellationToken.None) is { } batch) batches.Add(batch.ToRecordBatch());
        Assert.That(reader.Next(CancellationToken.None), Is.Null);
        return batches;
    }
}
