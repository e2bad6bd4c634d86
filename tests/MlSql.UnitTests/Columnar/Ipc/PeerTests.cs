using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Ipc;

namespace MlSql.UnitTests.Columnar.Ipc;

/// <summary>What pyarrow writes we read, what we write it reads.</summary>
internal sealed class PeerTests
{
    private const string SeedVariable = "MLSQL_ARROW_PEER_SEED";

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("mlsql-arrow-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Every_type_that_pyarrow_writes_is_read()
    {
        string path = Path.Combine(_folder, "made");
        ArrowPeer.Run("made", path);
        var batches = Streams.Read(File.ReadAllBytes(path), out var schema);
        Assert.That(batches.Select(b => b.Rows), Is.EqualTo([3, 1, 0]));
        string[] lines = [.. schema.Schema.Fields.Select((f, i) => $"{f.Name} {f.Type}: {string.Join(" | ", Enumerable.Range(0, 3).Select(row => Engines.DuckDb.ValueText.Of(batches[0].Columns[i], row)))}")];
        Assert.That(lines, Is.EqualTo(
        [
            "null NULL: NULL | NULL | NULL",
            "bool BOOLEAN: true | NULL | false",
            "i8 TINYINT: -128 | NULL | 127",
            "i16 SMALLINT: -32768 | NULL | 32767",
            "i32 INTEGER: -2147483648 | NULL | 2147483647",
            "i64 BIGINT: -9223372036854775808 | NULL | 9223372036854775807",
            "u8 UTINYINT: 0 | NULL | 255",
            "u64 UBIGINT: 0 | NULL | 18446744073709551615",
            "f32 FLOAT: 1.5 | NULL | -0.25",
            "f64 DOUBLE: 0.1 | NULL | inf",
            "text VARCHAR: größe | NULL | ",
            "large VARCHAR:  | NULL | 日本",
            @"bytes BLOB: \x00\xFF | NULL | ",
            "largebytes BLOB: a | NULL | bc",
            "d4 DECIMAL(4,2): -99.99 | NULL | 0.01",
            "d9 DECIMAL(9,0): -999999999 | NULL | 7",
            "d18 DECIMAL(18,18): -0.999999999999999999 | NULL | 0.500000000000000000",
            "d38 DECIMAL(38,0): -99999999999999999999999999999999999999 | NULL | 1",
            "date DATE: 1969-12-31 | NULL | 2024-02-29",
            "time TIME: 23:59:59.999999 | NULL | 00:00:00",
            "timens TIME_NS: 00:00:00.000000001 | NULL | 23:59:59.999999999",
            "ts TIMESTAMP: 1969-12-31 23:59:59 | NULL | 2024-01-02 03:04:05.000006",
            "tsz TIMESTAMP WITH TIME ZONE: 2024-01-02 03:04:05+00 | NULL | 1970-01-01 00:00:00+00",
            "duration INTERVAL: 24:00:00.000001 | NULL | 00:00:00",
            "interval INTERVAL: 1 month 2 days 00:00:00.000003 | NULL | 00:00:00",
            "list INTEGER[]: [1, NULL] | NULL | []",
            "lists VARCHAR[][]: [[a], NULL] | NULL | [[]]",
            "array DOUBLE[2]: [1.0, 2.0] | NULL | [NULL, 4.0]",
            "map MAP(VARCHAR, BIGINT): {k=1, l=NULL} | NULL | {}",
            "struct STRUCT(a TINYINT, b BOOLEAN[]): {'a': 1, 'b': NULL} | NULL | {'a': NULL, 'b': [true]}",
            "empty STRUCT(): {} | NULL | {}",
        ]));
    }

    [Test]
    public void What_is_written_is_what_pyarrow_sees()
    {
        Schema schema = new([new("x", new FloatType(64)), new("t", new StringType()), new("b", new BooleanType()), new("k", new DecimalType(5, 2)), new("l", new ListType(new StringType())), new("s", new StructType([new("a", new IntegerType(16, true)), new("m", new MapType(new StringType(), new BooleanType()))]))]);
        string path = Path.Combine(_folder, "ours");
        using (var file = File.Create(path))
        {
            ArrowStreamWriter writer = new(file, ArrowSchema.Of(schema));
            Fill(writer);
            writer.Send(CancellationToken.None);
            writer.End(CancellationToken.None);
        }
        string[] lines = ArrowPeer.Run("show", path);
        Assert.That(lines, Is.EqualTo(
        [
            "x: double", "t: string", "b: bool", "k: decimal128(5, 2)", "l: list<element: string>", "  child 0, element: string",
            "s: struct<a: int16, m: map<string, bool>>", "  child 0, a: int16", "  child 1, m: map<string, bool>", "      child 0, entries: struct<key: string not null, value: bool> not null", "          child 0, key: string not null", "          child 1, value: bool",
            "{'x': 0.5, 't': 'größe', 'b': True, 'k': Decimal('1.23'), 'l': ['a', None], 's': {'a': -7, 'm': [('k', True)]}}",
            "{'x': None, 't': None, 'b': None, 'k': None, 'l': None, 's': None}",
            "{'x': -2.0, 't': '', 'b': False, 'k': Decimal('-999.99'), 'l': [], 's': {'a': None, 'm': [('l', None), ('', False)]}}",
        ]));
    }

    [Test]
    public void Random_batches_come_back_from_pyarrow_as_they_were()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), NumberStyles.Integer, CultureInfo.InvariantCulture, out int given) ? given : Random.Shared.Next();
        TestContext.Out.WriteLine($"{SeedVariable}={seed}");
        Dictionary<string, (Schema Schema, string[] Text)> sent = [];
        for (int i = 0; i < 200; i++)
        {
            Random random = new(unchecked(seed + i * 7919));
            RandomBatches made = new(random);
            var first = made.Batch(random.Next(1, 8), random.Next(0, 200), random.Next(4));
            RecordBatch[] batches = [first, made.Rows(first.Schema, random.Next(0, 70))];
            string name = i.ToString("000", CultureInfo.InvariantCulture);
            File.WriteAllBytes(Path.Combine(_folder, name + ".in"), Streams.Write(ArrowSchema.Of(first.Schema), batches));
            sent[name] = (first.Schema, Streams.Text(batches));
        }
        ArrowPeer.Run("rewrite", _folder);
        foreach (var (name, (schema, text)) in sent)
        {
            var back = Streams.Read(File.ReadAllBytes(Path.Combine(_folder, name + ".out")), out var schemaBack);
            Assert.That(schemaBack.Schema, Is.EqualTo(schema), $"seed {seed}, {name}");
            Assert.That(Streams.Text(back), Is.EqualTo(text), $"seed {seed}, {name}");
        }
    }

    // Row 1 is NULL everywhere.
    private static void Fill(ArrowStreamWriter writer)
    {
        var columns = writer.Begin(3);
        foreach (var column in columns) column.SetNull(1);
        (columns[0].Values<double>()[0], columns[0].Values<double>()[2]) = (0.5, -2);
        columns[1].SetText(0, Encoding.UTF8.GetBytes("größe"));
        columns[2].Values<byte>()[0] = 1;
        (columns[3].Values<int>()[0], columns[3].Values<int>()[2]) = (123, -99_999);
        var elements = columns[4].SetLists([2, 0, 0]);
        elements.SetText(0, "a"u8);
        elements.SetNull(1);
        columns[5].Field(0).Values<short>()[0] = -7;
        columns[5].Field(0).SetNull(2);
        var entries = columns[5].Field(1).SetLists([1, 0, 2]);
        entries.Field(0).SetText(0, "k"u8);
        entries.Field(0).SetText(1, "l"u8);
        entries.Field(1).Values<byte>()[0] = 1;
        entries.Field(1).SetNull(1);
    }
}
