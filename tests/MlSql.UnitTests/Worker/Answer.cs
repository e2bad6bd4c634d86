using System.Buffers.Binary;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Ipc;

namespace MlSql.UnitTests.Worker;

/// <summary>A whole answer of a task, taken apart as the engine does.</summary>
internal sealed record Answer(List<RecordBatch> Batches, Schema? Schema, string? Error, long[]? Times, int? Last)
{
    /// <summary>Reads an answer to its end. Fails where it is not one.</summary>
    public static Answer Read(Stream stream)
    {
        List<RecordBatch> batches = [];
        Schema? schema = null;
        long[]? times = null;
        while (true)
        {
            int mark = ReadInt32(stream);
            switch (mark)
            {
                case -6:
                    using (ArrowStreamReader reader = new(stream))
                    {
                        schema = reader.ReadSchema(CancellationToken.None).Schema;
                        while (reader.Next(CancellationToken.None) is { } batch) batches.Add(batch.ToRecordBatch());
                    }
                    break;
                case -3:
                    times = [.. Enumerable.Range(0, 6).Select(_ => ReadInt64(stream))];
                    break;
                case -2:
                    byte[] text = new byte[ReadInt32(stream)];
                    stream.ReadExactly(text);
                    return new(batches, schema, Encoding.UTF8.GetString(text), times, null);
                case -1:
                    Assert.That(ReadInt32(stream), Is.Zero, "accumulator updates");
                    return new(batches, schema, null, times, ReadInt32(stream));
                default:
                    throw new InvalidDataException($"{mark} stands where a mark is expected");
            }
        }
    }

    /// <summary>All values of a column of all batches.</summary>
    public T?[] Values<T>(int column) where T : unmanaged => [.. Batches.SelectMany(b => Enumerable.Range(0, b.Rows).Select(row => b.Columns[column].IsNull(row) ? (T?)null : ((FixedColumn<T>)b.Columns[column]).Values[row]))];

    /// <summary>All texts of a column of all batches.</summary>
    public string?[] Texts(int column) => [.. Batches.SelectMany(b => Enumerable.Range(0, b.Rows).Select(row => ((TextColumn)b.Columns[column]).Text(row)))];

    private static int ReadInt32(Stream stream)
    {
        byte[] bytes = new byte[4];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    private static long ReadInt64(Stream stream)
    {
        byte[] bytes = new byte[8];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }
}
