using MlSql.Columnar;
using MlSql.Columnar.Ipc;

namespace MlSql.UnitTests.Columnar.Ipc;

/// <summary>What real Spark sends is read, and read right.</summary>
internal sealed class RecordingTests
{
    private static readonly string[] _compressed = ["scalar_arrow_input_lz4", "scalar_arrow_input_zstd", "scalar_arrow_output_lz4", "scalar_arrow_output_zstd"];

    [Test]
    public void Every_recorded_stream_is_read_as_often_as_it_is_and_written_and_read_again()
    {
        int read = 0, refused = 0;
        foreach (var recording in Recordings.All())
        {
            string? refusal = Refusal(recording.Name);
            if (refusal is not null)
            {
                Assert.That(() => Streams.Read(recording.Stream, out _), Throws.TypeOf<ArrowException>().With.Property("Code").EqualTo(refusal), recording.Name);
                refused++;
                continue;
            }
            var batches = Streams.Read(recording.Stream, out var schema);
            if (recording.Batches is { } count) Assert.That(batches, Has.Count.EqualTo(count), recording.Name);
            if (recording.Rows is { } rows) Assert.That(batches.Sum(b => b.Rows), Is.EqualTo(rows), recording.Name);
            string[] text = Streams.Text(batches);
            Assert.That(Streams.Text(Streams.ReadInPlace(recording.Stream, out _)), Is.EqualTo(text), recording.Name);
            Assert.That(Streams.Text(Streams.ReadInPlace(Shifted(recording.Stream), out _)), Is.EqualTo(text), recording.Name);
            var again = Streams.Read(Streams.Write(schema, batches), out var schemaAgain);
            Assert.That(Streams.Text(again), Is.EqualTo(text), recording.Name);
            Assert.That(again.Select(b => b.Rows), Is.EqualTo(batches.Select(b => b.Rows)), recording.Name);
            Assert.That(schemaAgain.Schema, Is.EqualTo(schema.Schema), recording.Name);
            read++;
        }
        TestContext.Out.WriteLine($"{read} streams read, {refused} refused");
        Assert.That(read, Is.GreaterThanOrEqualTo(380));
        Assert.That(refused, Is.EqualTo(_compressed.Length + 1));
    }

    private static string? Refusal(string name) =>
        _compressed.Any(c => name.Contains(c, StringComparison.Ordinal) && name.Contains(c.Split('_')[2] == "input" ? ".in " : ".out ", StringComparison.Ordinal)) ? "MLS6104"
        : name.Contains("dictionary_output_rejected.out", StringComparison.Ordinal) ? "MLS6105" : null;

    private static ReadOnlyMemory<byte> Shifted(byte[] bytes) => new byte[] { 0 }.Concat(bytes).ToArray().AsMemory(1);

    private static string TypeOf(Field field) => $"{field.Name} {field.Type}";

    private static (string[] Types, string[] Rows) OfWorker(string name)
    {
        var recording = Recordings.OfWorkers(name).First(r => r.Name.Contains(".in ", StringComparison.Ordinal));
        var batches = Streams.Read(recording.Stream, out var schema);
        return ([.. schema.Schema.Fields.Select(TypeOf)], Streams.Text(batches));
    }

    [Test]
    public void All_types_have_the_values_that_were_sent()
    {
        var (types, rows) = OfWorker("all_types");
        Assert.That(types, Is.EqualTo(["struct STRUCT(a TINYINT, b SMALLINT, c INTEGER, d FLOAT, e BOOLEAN, f VARCHAR, g BLOB, h DATE, i TIMESTAMP WITH TIME ZONE, j TIMESTAMP, k DECIMAL(10,2), l INTEGER[], m MAP(VARCHAR, INTEGER), n STRUCT(p INTEGER, q VARCHAR), o INTERVAL, w NULL)"]));
        Assert.That(rows, Is.EqualTo([@"{'a': 1, 'b': 2, 'c': 3, 'd': 1.5, 'e': true, 'f': x, 'g': \x01\x02, 'h': 2020-01-02, 'i': 2020-01-02 03:04:05+00, 'j': 2020-01-02 03:04:05, 'k': 1.23, 'l': [1, 2], 'm': {a=1}, 'n': {'p': 1, 'q': z}, 'o': 24:00:00, 'w': NULL}"]));
    }

    [TestCase("large_var_types", "struct STRUCT(id BIGINT, s VARCHAR, x DOUBLE)", "{'id': 1, 's': a, 'x': 1.5}|{'id': 2, 's': NULL, 'x': NULL}|{'id': NULL, 's': ccc, 'x': 2.5}")]
    [TestCase("map_in_arrow", "struct STRUCT(id BIGINT, s VARCHAR, x DOUBLE)", "{'id': 1, 's': a, 'x': 1.5}|{'id': 2, 's': NULL, 'x': NULL}|{'id': NULL, 's': ccc, 'x': 2.5}")]
    [TestCase("type_time", "struct STRUCT(a TIME_NS)", "{'a': 10:11:12}")]
    [TestCase("type_variant", "struct STRUCT(a STRUCT(value BLOB, metadata BLOB))", @"{'a': {'value': \x02\x01\x00\x00\x02\x0C\x01, 'metadata': \x01\x01\x00\x01a}}")]
    [TestCase("type_geometry", "struct STRUCT(a STRUCT(srid INTEGER, wkb BLOB))", @"{'a': {'srid': 0, 'wkb': \x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\xF0?\x00\x00\x00\x00\x00\x00\x00@}}")]
    [TestCase("type_string_collated", "struct STRUCT(a VARCHAR)", "{'a': a}")]
    [TestCase("scalar_arrow", "_0 BIGINT", "1|2|NULL")]
    [TestCase("map_in_arrow_zero_columns", "struct STRUCT()", "{}|{}|{}")]
    public void Columns_have_the_types_and_values_that_were_sent(string name, string type, string values)
    {
        var (types, rows) = OfWorker(name);
        Assert.That(types, Is.EqualTo([type]));
        Assert.That(rows, Is.EqualTo(values.Split('|')));
    }

    [Test]
    public void A_batch_without_columns_keeps_its_rows()
    {
        var recording = Recordings.OfWorkers("scalar_arrow_zero_args").First();
        var batches = Streams.Read(recording.Stream, out var schema);
        Assert.That(schema.Fields, Is.Empty);
        Assert.That(batches.Single().Rows, Is.EqualTo(3));
    }

    [Test]
    public void What_only_Arrow_says_about_a_field_is_kept()
    {
        _ = Streams.Read(Recordings.OfWorkers("type_variant").First().Stream, out var variants);
        var variant = variants.Fields[0].Children[0];
        Assert.That(variant.Children.SelectMany(c => c.Metadata), Is.EqualTo([KeyValuePair.Create("variant", "true")]));
        _ = Streams.Read(Recordings.OfWorkers("all_types").First().Stream, out var all);
        var fields = all.Fields[0].Children;
        Assert.That(fields.Select(f => f.Nullable), Is.EqualTo(fields.Select(f => f.Name is "w")));
        Assert.That(fields.Single(f => f.Name == "o").Form, Is.EqualTo(ArrowForm.Microseconds));
        _ = Streams.Read(Recordings.OfWorkers("large_var_types").First().Stream, out var large);
        Assert.That(large.Fields[0].Children.Select(f => f.Form), Is.EqualTo([ArrowForm.Usual, ArrowForm.LongOffsets, ArrowForm.Usual]));
    }

    [Test]
    public void A_compressed_stream_is_refused_with_the_setting_that_helps()
    {
        var recording = Recordings.OfWorkers("scalar_arrow_input_zstd").First();
        Assert.That(() => Streams.Read(recording.Stream, out _), Throws.TypeOf<ArrowException>().With.Message.EqualTo("The Arrow data is compressed with ZSTD, which is not supported")
            .And.Property("Hint").EqualTo("set spark.sql.execution.arrow.compression.codec to none"));
    }
}
