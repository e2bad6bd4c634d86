using System.Buffers.Binary;
using MlSql.Columnar;
using MlSql.Columnar.Ipc;

namespace MlSql.UnitTests.Columnar.Ipc;

/// <summary>One lie each, at a known place.</summary>
internal sealed class HostileStreamTests
{
    private static readonly Schema _texts = new([new("t", new StringType())]);
    private static readonly RecordBatch _textBatch = new(_texts, [new TextColumn(new StringType(), [0, 1, 3, 3, 6], "abbccc"u8.ToArray(), 4, [0b1011])], 4);

    [TestCase(1, 7, "an offset lies outside of the text", TestName = "A text that ends behind the bytes")]
    [TestCase(0, -1, "an offset lies outside of the text", TestName = "A text that begins before the bytes")]
    [TestCase(2, 0, "an offset lies outside of the text", TestName = "A text that ends before it begins")]
    [TestCase(4, int.MaxValue, "an offset lies outside of the text", TestName = "A text without end")]
    public void An_offset_is_checked(int offset, int value, string what)
    {
        byte[] bytes = Streams.Write(ArrowSchema.Of(_texts), _textBatch);
        int at = bytes.AsSpan().IndexOf(Ints(0, 1, 3, 3, 6));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + 4 * offset), value);
        Refused(bytes, "MLS6101", what);
    }

    [Test]
    public void Long_offsets_are_checked()
    {
        var recording = Recordings.OfWorkers("large_var_types").First();
        int at = recording.Stream.AsSpan().IndexOf(Longs(0, 1, 1, 4));
        foreach (long value in new[] { 5, -1, long.MinValue, long.MaxValue })
        {
            byte[] bytes = [.. recording.Stream];
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at + 24), value);
            Refused(bytes, "MLS6101", "an offset lies outside of the text");
        }
    }

    [Test]
    public void An_offset_of_a_list_is_checked()
    {
        ListType type = new(new IntegerType(64, true));
        Schema schema = new([new("l", type)]);
        RecordBatch batch = new(schema, [new ListColumn(type, [0, 2, 3], new FixedColumn<long>(new IntegerType(64, true), [7, 8, 9], 3, null), 2, null)], 2);
        byte[] bytes = Streams.Write(ArrowSchema.Of(schema), batch);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(bytes.AsSpan().IndexOf(Ints(0, 2, 3)) + 8), 4);
        Refused(bytes, "MLS6101", "an offset lies outside of the elements");
    }

    // The metadata of the batch has (rows, NULLs) of the column and (offset, length) of mask, offsets and text.
    [TestCase(0, -1L, "MLS6101", "a number of rows is negative")]
    [TestCase(0, 5L, "MLS6101", "another number of rows")]
    [TestCase(0, 1L << 40, "MLS6103", "a number of rows")]
    [TestCase(1, 5L, "MLS6101", "an impossible number of NULLs")]
    [TestCase(1, -1L, "MLS6101", "an impossible number of NULLs")]
    [TestCase(2, 1L << 62, "MLS6101", "outside of the body")]
    [TestCase(2, -64L, "MLS6101", "outside of the body")]
    [TestCase(2, 132L, "MLS6101", "does not begin at a multiple of 8")]
    [TestCase(3, 0L, "MLS6101", "a mask of NULLs is too short")]
    [TestCase(5, 16L, "MLS6101", "a buffer is too short for its rows")]
    [TestCase(7, long.MaxValue, "MLS6101", "outside of the body")]
    [TestCase(7, 192L, "MLS6101", "outside of the body")]
    public void A_number_of_the_metadata_is_checked(int number, long value, string code, string what)
    {
        byte[] bytes = Streams.Write(ArrowSchema.Of(_texts), _textBatch);
        int nodes = bytes.AsSpan().IndexOf(Longs(4, 1)), buffers = bytes.AsSpan().IndexOf(Longs(64, 1, 0, 20, 128, 6));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(number < 2 ? nodes + 8 * number : buffers + 8 * (number - 2)), value);
        Refused(bytes, code, what);
    }

    [Test]
    public void Buffers_that_overlap_are_refused()
    {
        Schema schema = new([.. Enumerable.Range(0, 4).Select(i => new Field($"c{i}", new FloatType(64)))]);
        RecordBatch batch = new(schema, [.. Enumerable.Range(0, 4).Select(_ => new FixedColumn<double>(new FloatType(64), new double[8], 8, null))], 8);
        byte[] bytes = Streams.Write(ArrowSchema.Of(schema), batch);
        int at = bytes.AsSpan().IndexOf(Longs(0, 0, 64, 64));
        Longs(0, 200).CopyTo(bytes.AsSpan(at + 16));
        Refused(bytes, "MLS6101", "buffers overlap");
    }

    [Test]
    public void A_batch_of_no_bytes_cannot_claim_any_number_of_rows()
    {
        Schema schema = new([new("n", new NullType())]);
        RecordBatch batch = new(schema, [new FixedColumn<byte>(new NullType(), new byte[77], 77, new ulong[2])], 77);
        byte[] bytes = Streams.Write(ArrowSchema.Of(schema), batch);
        Assert.That(Streams.Read(bytes, out _)[0].Rows, Is.EqualTo(77));
        for (int at; (at = bytes.AsSpan().IndexOf(Longs(77))) >= 0;) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), 1L << 30);
        Refused(bytes, "MLS6103", "rows without bytes");
    }

    [Test]
    public void A_decimal_with_too_many_digits_is_refused()
    {
        DecimalType type = new(9, 0);
        Schema schema = new([new("d", type)]);
        byte[] bytes = Streams.Write(ArrowSchema.Of(schema), new RecordBatch(schema, [new FixedColumn<int>(type, [123_456_789], 1, null)], 1));
        bytes[bytes.AsSpan().IndexOf(Longs(123_456_789, 0)) + 5] = 1;
        Refused(bytes, "MLS6101", "a value of DECIMAL(9,0) has too many digits");
    }

    [Test]
    public void A_body_that_is_announced_but_does_not_come_takes_no_memory()
    {
        byte[] bytes = Streams.Write(ArrowSchema.Of(_texts), _textBatch);
        int body = bytes.AsSpan().LastIndexOf(Longs(192));
        Assert.That(body, Is.GreaterThan(0));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(body), 1 << 30);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => Streams.Read(bytes, out _), Throws.TypeOf<ArrowException>().With.Property("Code").EqualTo("MLS6102"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(8 << 20));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(body), (1 << 30) + 1);
        Refused(bytes, "MLS6103", "a body with a number of bytes of 1073741825");
    }

    [Test]
    public void Metadata_over_the_limit_is_refused_before_it_is_read() =>
        Refused([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 2], "MLS6103", "metadata with a number of bytes of 33554432, the limit is 16777216");

    [Test]
    public void A_message_of_the_format_without_marker_is_refused() => Refused([16, 0, 0, 0, 0, 0, 0, 0], "MLS6101", "the continuation marker");

    [TestCase(64, false)]
    [TestCase(65, true)]
    public void Nesting_has_an_end(int depth, bool refused)
    {
        DataType type = new IntegerType(8, true);
        for (int i = 1; i < depth; i++) type = new ListType(type);
        byte[] bytes = Streams.Write(ArrowSchema.Of(new([new("l", type)])));
        if (refused) Refused(bytes, "MLS6103", "nested deeper than allowed: the limit is 64");
        else Assert.That(Streams.Read(bytes, out _), Is.Empty);
    }

    [Test]
    public void Every_beginning_of_a_stream_ends_too_early()
    {
        byte[] bytes = Streams.Write(ArrowSchema.Of(_texts), _textBatch, _textBatch);
        for (int length = 0; length < bytes.Length; length++)
            Assert.That(() => Streams.Read(bytes[..length], out _), Throws.TypeOf<ArrowException>().With.Property("Code").EqualTo("MLS6102"), $"{length}");
    }

    [Test]
    public void Cancelling_ends_a_read()
    {
        using MemoryStream stream = new(Streams.Write(ArrowSchema.Of(_texts), _textBatch));
        using ArrowStreamReader reader = new(stream);
        _ = reader.ReadSchema(CancellationToken.None);
        Assert.That(() => reader.Next(new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    private static void Refused(byte[] bytes, string code, string what)
    {
        Assert.That(() => Streams.Read(bytes, out _), Throws.TypeOf<ArrowException>().With.Property("Code").EqualTo(code).And.Message.Contains(what));
        Assert.That(() => Streams.ReadInPlace(bytes, out _), Throws.TypeOf<ArrowException>().With.Property("Code").EqualTo(code).And.Message.Contains(what));
    }

    private static byte[] Ints(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Longs(params long[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
