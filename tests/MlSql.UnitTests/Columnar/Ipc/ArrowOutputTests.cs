using System.Globalization;
using MlSql.Columnar;
using MlSql.Columnar.Ipc;
using MlSql.Columnar.Memory;

namespace MlSql.UnitTests.Columnar.Ipc;

/// <summary>Batches that are filled in place.</summary>
internal sealed class ArrowOutputTests
{
    [Test]
    public void Spans_stay_where_they_are_while_the_batch_grows()
    {
        Schema schema = new([new("x", new FloatType(64)), new("l", new ListType(new FloatType(64))), new("y", new FloatType(64))]);
        using MemoryStream stream = new();
        ArrowStreamWriter writer = new(stream, ArrowSchema.Of(schema));
        var columns = writer.Begin(50_000);
        Span<double> x = columns[0].Values<double>(), y = columns[2].Values<double>();
        int[] lengths = new int[x.Length];
        for (int i = 0; i < lengths.Length; i++) lengths[i] = i % 7;
        var elements = columns[1].SetLists(lengths).Values<double>();
        columns[0].SetNull(77);
        for (int i = 0; i < elements.Length; i++) elements[i] = i;
        for (int i = 0; i < x.Length; i++) (x[i], y[i]) = (i, -i);
        writer.Send(CancellationToken.None);
        writer.End(CancellationToken.None);
        var batch = Streams.Read(stream.ToArray(), out _).Single();
        Assert.That(batch.Column<double>("x").ToArray().Where((_, i) => i != 77), Is.EqualTo(Enumerable.Range(0, 50_000).Where(i => i != 77).Select(i => (double)i)));
        Assert.That(batch.Column<double>("y").ToArray(), Is.EqualTo(Enumerable.Range(0, 50_000).Select(i => -(double)i)));
        Assert.That(Enumerable.Range(0, 50_000).Where(batch.Columns[0].IsNull), Is.EqualTo([77]));
        var list = (ListColumn)batch.Columns[1];
        Assert.That(((FixedColumn<double>)list.Elements).Values.ToArray(), Is.EqualTo(Enumerable.Range(0, lengths.Sum()).Select(i => (double)i)));
        Assert.That(Enumerable.Range(0, 50_000).Select(i => list.Range(i).Length), Is.EqualTo(lengths));
    }

    [Test]
    public void A_batch_goes_out_in_one_piece_from_the_memory_of_the_one_before()
    {
        Schema schema = new([.. Enumerable.Range(0, 28).Select(i => new Field($"c{i}", new FloatType(64))), new("t", new StringType()), new("b", new BooleanType())]);
        using CountingStream stream = new();
        ArrowStreamWriter writer = new(stream, ArrowSchema.Of(schema));
        Fill(writer, 10_000, 1);
        Assert.That(stream.Writes, Is.EqualTo(2), "the schema and the batch");
        Fill(writer, 10_000, 2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fill(writer, 10_000, 3);
        Assert.That(stream.Writes, Is.EqualTo(4));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 15));
        writer.End(CancellationToken.None);
        var batches = Streams.Read(stream.ToArray(), out _);
        Assert.That(batches.Select(b => b.Column<double>("c27")[9_999]), Is.EqualTo([1 + 27 + 9_999, 2 + 27 + 9_999, 3 + 27 + 9_999]));
        Assert.That(((TextColumn)batches[2].Column("t")).Text(9_999), Is.EqualTo("309999"));
    }

    [Test]
    public void What_is_not_written_is_empty_also_after_other_batches()
    {
        Schema schema = new([new("x", new FloatType(64)), new("t", new StringType()), new("l", new ListType(new StringType())), new("b", new BooleanType())]);
        using MemoryStream stream = new();
        ArrowStreamWriter writer = new(stream, ArrowSchema.Of(schema));
        var columns = writer.Begin(3);
        columns[0].Values<double>().Fill(5);
        columns[3].Values<byte>().Fill(1);
        columns[1].SetText(1, "text"u8);
        columns[2].SetLists([0, 1, 0]).SetText(0, "element"u8);
        writer.Send(CancellationToken.None);
        columns = writer.Begin(9);
        columns[0].Values<double>().Fill(6);
        columns = writer.Begin(2);
        writer.Send(CancellationToken.None);
        writer.End(CancellationToken.None);
        Assert.That(Streams.Text(Streams.Read(stream.ToArray(), out _)), Is.EqualTo(["5.0; ; []; true", "5.0; text; [element]; true", "5.0; ; []; true", "0.0; ; []; false", "0.0; ; []; false"]));
    }

    [Test]
    public void Misuse_is_named()
    {
        Schema schema = new([new("x", new FloatType(64)), new("t", new StringType()), new("l", new ListType(new StringType())), new("bytes", new BinaryType())]);
        using MemoryStream stream = new();
        ArrowStreamWriter writer = new(stream, ArrowSchema.Of(schema));
        Assert.That(() => writer.Send(CancellationToken.None), Throws.InvalidOperationException);
        ArrowOutput[] columns = [.. writer.Begin(3)];
        Assert.That(() => columns[0].Values<float>().Length, Throws.InvalidOperationException);
        Assert.That(() => columns[1].Values<long>().Length, Throws.InvalidOperationException);
        Assert.That(() => columns[0].SetNull(3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => columns[0].SetNull(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => columns[0].SetText(0, "a"u8), Throws.InvalidOperationException);
        Assert.That(() => columns[1].SetText(3, "a"u8), Throws.InstanceOf<ArgumentOutOfRangeException>());
        columns[1].SetText(1, "b"u8);
        Assert.That(() => columns[1].SetText(1, "b"u8), Throws.InvalidOperationException);
        Assert.That(() => columns[1].SetText(0, "a"u8), Throws.InvalidOperationException);
        Assert.That(() => columns[1].SetText(2, [0xC3]), Throws.TypeOf<ArrowException>().With.Property("Code").EqualTo("MLS6108"));
        Assert.That(() => columns[3].SetText(2, [0xC3]), Throws.Nothing);
        Assert.That(() => columns[2].SetLists([1, 1]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => columns[2].SetLists([1, -1, 1]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => columns[2].SetLists([int.MaxValue, 1, 1]), Throws.TypeOf<ArrowException>().With.Property("Code").EqualTo("MLS6103"));
        Assert.That(() => columns[2].Field(0), Throws.InvalidOperationException);
        Assert.That(() => columns[2].Elements(), Throws.InvalidOperationException);
        Assert.That(() => writer.Write(new RecordBatch(new([]), [], 0), CancellationToken.None), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void A_batch_that_needs_more_memory_than_expected_goes_out_whole_and_the_next_in_one_piece()
    {
        Schema schema = new([new("l", new ListType(new FloatType(64))), new("x", new FloatType(64))]);
        using CountingStream stream = new();
        ArrowStreamWriter writer = new(stream, ArrowSchema.Of(schema));
        int[] lengths = Enumerable.Repeat(100, 5_000).ToArray();
        int[] writes = new int[3];
        for (int batch = 0; batch < writes.Length; batch++)
        {
            var columns = writer.Begin(lengths.Length);
            columns[0].SetLists(lengths).Values<double>().Fill(batch);
            columns[1].Values<double>().Fill(-batch);
            writer.Send(CancellationToken.None);
            writes[batch] = stream.Writes;
        }
        writer.End(CancellationToken.None);
        Assert.That(writes, Is.EqualTo([3, 4, 5]));
        var batches = Streams.Read(stream.ToArray(), out _);
        for (int batch = 0; batch < writes.Length; batch++)
        {
            Assert.That(((FixedColumn<double>)((ListColumn)batches[batch].Columns[0]).Elements).Values.ToArray(), Is.EqualTo(Enumerable.Repeat((double)batch, 500_000)));
            Assert.That(batches[batch].Column<double>("x").ToArray(), Is.EqualTo(Enumerable.Repeat(-(double)batch, 5_000)));
        }
    }

    private static void Fill(ArrowStreamWriter writer, int rows, int batch)
    {
        var columns = writer.Begin(rows);
        for (int c = 0; c < 28; c++)
        {
            var values = columns[c].Values<double>();
            for (int row = 0; row < rows; row++) values[row] = batch + c + row;
        }
        Span<byte> text = stackalloc byte[40];
        for (int row = 0; row < rows; row++)
        {
            _ = (batch * 100_000 + row).TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
            columns[28].SetText(row, text[..length]);
        }
        writer.Send(CancellationToken.None);
    }

    private sealed class CountingStream() : MemoryStream(16 << 20)
    {
        public int Writes { get; set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Writes++;
            base.Write(buffer);
        }
    }
}
