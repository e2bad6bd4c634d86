using System.Text;
using MlSql.Cli.Output;
using MlSql.Columnar;

namespace MlSql.CliTests;

/// <summary>What the writers make of batches of one result.</summary>
internal static class Written
{
    public static string Csv(params RecordBatch[] batches) => By(s => new CsvWriter(s), batches);

    public static string Json(params RecordBatch[] batches) => By(s => new JsonWriter(s), batches);

    public static string Box(RecordBatch batch, int width = 80, bool unicode = true, bool color = false) => Box([batch], width, unicode, color);

    public static string Box(RecordBatch[] batches, int width = 80, bool unicode = true, bool color = false) => By(s => new ReadableWriter(s, new BoxWriter(s, new(width, unicode, color))), batches);

    private static string By(Func<Stream, IResultWriter> make, RecordBatch[] batches)
    {
        using MemoryStream stream = new();
        IResultWriter writer = make(stream);
        writer.Begin(batches[0].Schema);
        foreach (RecordBatch batch in batches) writer.Write(batch);
        writer.End();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
