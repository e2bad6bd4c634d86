using System.Buffers.Binary;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Ipc;
using MlSql.Scoring.Commands;

namespace MlSql.UnitTests.Worker;

/// <summary>Writes a task as Spark 4.3 does.</summary>
internal static class TaskBytes
{
    /// <summary>One function over all columns of the batches.</summary>
    public static byte[] Scalar(WorkerCommand command, string files, Schema schema, params RecordBatch[] batches)
    {
        MemoryStream description = new();
        Int32(description, 0);
        Text(description, "mlsql/1 spark/4.3.0");
        Text(description, """{"isBarrier":false,"connInfo":-1,"secret":null,"stageId":1,"attemptNumber":0,"localProperties":{}}""");
        Text(description, files);
        Int32(description, 0);
        description.WriteByte(0);
        Int32(description, 0, 250, 0, 0, 1, schema.Fields.Length);
        for (int i = 0; i < schema.Fields.Length; i++)
        {
            Int32(description, i);
            description.WriteByte(0);
        }
        Int32(description, 1);
        Block(description, command.Write());
        Int32(description, 0, 1);

        MemoryStream task = new();
        Int32(task, -8);
        Block(task, description.ToArray());
        ArrowStreamWriter writer = new(task, ArrowSchema.Of(schema));
        foreach (var batch in batches) writer.Write(batch, CancellationToken.None);
        writer.End(CancellationToken.None);
        Int32(task, -4);
        return task.ToArray();
    }

    private static void Int32(Stream into, params int[] values)
    {
        byte[] bytes = new byte[4];
        foreach (int value in values)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            into.Write(bytes);
        }
    }

    private static void Text(Stream into, string text) => Block(into, Encoding.UTF8.GetBytes(text));

    private static void Block(Stream into, byte[] bytes)
    {
        Int32(into, bytes.Length);
        into.Write(bytes);
    }
}
