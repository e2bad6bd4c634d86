using System.Text;
using MlSql.Cli.Output;
using MlSql.Columnar;

namespace MlSql.CliTests;

public class FileWriterTests
{
    [Test]
    public void Csv_results_are_separated_by_an_empty_line()
    {
        RecordBatch batch = Batches.Of(("a,b", Batches.Text("x", null)), ("n", Batches.Fixed<int>(new IntegerType(32, true), 1, 2)));
        Assert.That(Twice(s => new CsvWriter(s), batch), Is.EqualTo("\"a,b\",n\nx,1\n,2\n\n\"a,b\",n\nx,1\n,2\n"));
    }

    [Test]
    public void Json_results_are_one_array_after_the_other()
    {
        RecordBatch batch = Batches.Of(("n", Batches.Fixed<int>(new IntegerType(32, true), 1, 2)));
        Assert.That(Twice(s => new JsonWriter(s), batch), Is.EqualTo("[\n{\"n\":1},\n{\"n\":2}\n]\n[\n{\"n\":1},\n{\"n\":2}\n]\n"));
    }

    [Test]
    public void An_empty_json_result_is_an_empty_array() => Assert.That(Written.Json(Batches.Of(("c", Batches.Text(Array.Empty<string>())))), Is.EqualTo("[]\n"));

    [Test]
    public void Columns_of_one_name_keep_all_their_values()
    {
        Column one = Batches.Fixed<int>(new IntegerType(32, true), 1);
        Assert.That(Written.Json(Batches.Of(("a", one), ("a", one), ("a_1", one), ("a", one))), Is.EqualTo("[\n{\"a\":1,\"a_2\":1,\"a_1\":1,\"a_3\":1}\n]\n"));
    }

    [Test]
    public void Csv_writes_many_rows_as_they_come()
    {
        RecordBatch batch = Batches.Of(("c", Batches.Fixed(new IntegerType(32, true), [.. Enumerable.Range(0, 20_000).Select(i => (int?)i)])));
        string[] lines = Written.Csv(batch, batch).Split('\n');
        Assert.That(lines, Has.Length.EqualTo(40_002));
        Assert.That(lines[20_000], Is.EqualTo("19999"));
    }

    [Test]
    public void A_file_appears_only_when_it_is_whole()
    {
        string folder = Directory.CreateTempSubdirectory("mlsql").FullName;
        try
        {
            string path = Path.Combine(folder, "out.csv");
            File.WriteAllText(path, "before");
            using (OutputFile failed = OutputFile.Open(path)) failed.Stream.Write("half"u8);
            Assert.That(File.ReadAllText(path), Is.EqualTo("before"));
            using (OutputFile whole = OutputFile.Open(path))
            {
                whole.Stream.Write("after"u8);
                Assert.That(File.ReadAllText(path), Is.EqualTo("before"));
                whole.Commit();
            }
            Assert.That(File.ReadAllText(path), Is.EqualTo("after"));
            Assert.That(Directory.GetFileSystemEntries(folder), Has.Length.EqualTo(1));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void A_device_is_written_and_never_replaced()
    {
        using (OutputFile device = OutputFile.Open("/dev/null"))
        {
            device.Stream.Write("gone"u8);
            device.Commit();
        }
        Assert.That(new FileInfo("/dev/null").Length, Is.Zero);
        Assert.That(File.ReadAllBytes("/dev/null"), Is.Empty);
    }

    private static string Twice(Func<Stream, IResultWriter> make, RecordBatch batch)
    {
        using MemoryStream stream = new();
        IResultWriter writer = make(stream);
        for (int i = 0; i < 2; i++)
        {
            writer.Begin(batch.Schema);
            writer.Write(batch);
            writer.End();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
