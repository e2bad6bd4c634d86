using FsCheck;
using FsCheck.Fluent;
using MlSql.Columnar;
using MlSql.Columnar.Ipc;
using Interval = MlSql.Columnar.Interval;

namespace MlSql.UnitTests.Columnar.Ipc;

/// <summary>What is written is what is read, whatever the types.</summary>
internal sealed class RoundTripTests
{
    private static readonly Gen<(int Seed, int Columns, int Rows, int Depth)> _cases =
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from columns in Gen.Choose(0, 6)
        from rows in Gen.OneOf(Gen.Choose(0, 9), Gen.Choose(60, 70), Gen.Choose(0, 700))
        from depth in Gen.Choose(0, 3)
        select (seed, columns, rows, depth);

    [Test]
    public void Any_batches_that_are_written_are_read_again() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(600), Prop.ForAll(_cases.ToArbitrary(), ((int Seed, int Columns, int Rows, int Depth) c) =>
        {
            RandomBatches random = new(new Random(c.Seed));
            var first = random.Batch(c.Columns, c.Rows, c.Depth);
            RecordBatch[] batches = [first, random.Rows(first.Schema, c.Rows / 2), random.Rows(first.Schema, 2 * c.Rows)];
            byte[] bytes = Streams.Write(ArrowSchema.Of(first.Schema), batches);
            var read = Streams.Read(bytes, out var schema);
            Assert.That(schema.Schema, Is.EqualTo(first.Schema));
            Assert.That(read.Select(b => b.Rows), Is.EqualTo(batches.Select(b => b.Rows)));
            Assert.That(Streams.Text(read), Is.EqualTo(Streams.Text(batches)));
            Assert.That(Streams.Text(Streams.ReadInPlace(bytes, out _)), Is.EqualTo(Streams.Text(batches)));
        }));

    [Test]
    public void A_schema_may_be_wide()
    {
        RandomBatches random = new(new Random(5));
        var batch = random.Batch(3_000, 3, 1);
        var again = random.Rows(batch.Schema, 4);
        Assert.That(Streams.Text(Streams.Read(Streams.Write(ArrowSchema.Of(batch.Schema), batch, again), out _)), Is.EqualTo(Streams.Text([batch, again])));
    }

    [Test]
    public void A_stream_without_batches_has_its_schema()
    {
        ArrowSchema schema = ArrowSchema.Of(new([new("a", new FloatType(64)), new("b", new StringType())]));
        Assert.That(Streams.Read(Streams.Write(schema), out var read), Is.Empty);
        Assert.That(read.Schema, Is.EqualTo(schema.Schema));
    }

    [TestCase(ArrowForm.Months, 14, 0, 0)]
    [TestCase(ArrowForm.Microseconds, 0, 0, -86_400_000_001)]
    [TestCase(ArrowForm.Usual, 1, -2, 3)]
    public void Intervals_keep_their_form(ArrowForm form, int months, int days, long microseconds)
    {
        ArrowSchema schema = new([ArrowField.Of("i", new IntervalType()) with { Form = form }]);
        FixedColumn<Interval> column = new(new IntervalType(), [new(months, days, microseconds), default], 2, [0b01]);
        var read = Streams.Read(Streams.Write(schema, new RecordBatch(schema.Schema, [column], 2)), out var again);
        Assert.That(again.Fields[0].Form, Is.EqualTo(form));
        Assert.That(((FixedColumn<Interval>)read[0].Columns[0]).Values[0], Is.EqualTo(new Interval(months, days, microseconds)));
        Assert.That(read[0].Columns[0].IsNull(1), Is.True);
    }

    [Test]
    public void An_interval_that_its_form_cannot_hold_is_refused_before_anything_of_it_is_sent()
    {
        ArrowSchema schema = new([ArrowField.Of("i", new IntervalType()) with { Form = ArrowForm.Microseconds }]);
        FixedColumn<Interval> column = new(new IntervalType(), [new(1, 0, 0)], 1, null);
        using MemoryStream stream = new();
        ArrowStreamWriter writer = new(stream, schema);
        Assert.That(() => writer.Write(new RecordBatch(schema.Schema, [column], 1), CancellationToken.None), Throws.TypeOf<ArrowException>().With.Property("Code").EqualTo("MLS6107"));
        Assert.That(stream.Length, Is.Zero);
    }

    [Test]
    public void A_type_that_Arrow_output_does_not_have_is_named()
    {
        DataType[] types = [new IntegerType(128, true), new UuidType(), new OffsetTimeType(), new EnumType(["a"]), new OpaqueType("GEOMETRY"), new TimeType(TimeUnit.Second), new ListType(new UuidType())];
        foreach (var type in types)
            Assert.That(() => ArrowSchema.Of(new([new("x", type)])), Throws.TypeOf<ArrowException>().With.Property("Code").EqualTo("MLS6106").And.Message.Contains(type is ListType l ? l.Element.ToString() : type.ToString()));
    }

    [Test]
    public void A_field_that_was_put_together_wrong_is_refused()
    {
        ArrowField[] fields =
        [
            new("l", new ListType(new FloatType(64))),
            ArrowField.Of("s", new StructType([new("a", new FloatType(64))])) with { Children = [ArrowField.Of("a", new FloatType(32))] },
            ArrowField.Of("m", new MapType(new StringType(), new StringType())) with { Children = [ArrowField.Of("e", new StringType())] },
        ];
        foreach (var field in fields) Assert.That(() => new ArrowStreamWriter(Stream.Null, new ArrowSchema([field])), Throws.ArgumentException.With.Message.Contains(field.Type.ToString()));
        Assert.That(() => new ArrowStreamWriter(Stream.Null, new ArrowSchema([new("u", new UuidType())])), Throws.TypeOf<ArrowException>().With.Property("Code").EqualTo("MLS6106"));
    }
}
