using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Engines.Spark.Lowering;
using MlSql.Planning.Plans;

namespace MlSql.UnitTests.Spark.Lowering;

/// <summary>Which arguments travel as one list, and how a function's name says so.</summary>
internal sealed class PackedNamesTests
{
    private static readonly DataType s_double = new FloatType(64), s_float = new FloatType(32), s_int = new IntegerType(32, true), s_text = new StringType();

    [Test]
    public void The_type_that_most_have() =>
        Assert.That(Of([s_int, s_text, .. Enumerable.Repeat(s_double, 9), s_float, .. Enumerable.Repeat(s_int, 7)]), Is.EqualTo(Enumerable.Range(2, 9)));

    [Test]
    public void Of_two_types_that_equally_many_have_the_first() => Assert.That(Of([s_text, .. Enumerable.Repeat(s_int, 8), .. Enumerable.Repeat(s_double, 8)]), Is.EqualTo(Enumerable.Range(1, 8)));

    [Test]
    public void Few_are_not_packed() => Assert.That(Of([.. Enumerable.Repeat(s_double, 7), .. Enumerable.Repeat(s_float, 7)]), Is.Empty);

    [Test]
    public void Types_that_are_not_known_or_no_plain_numbers_are_not_packed()
    {
        Assert.That(Of([.. Enumerable.Repeat((DataType?)null, 20)]), Is.Empty);
        foreach (var type in (DataType[])[s_text, new DecimalType(18, 2), new IntegerType(8, true), new IntegerType(64, false), new BooleanType(), new ListType(s_double)])
            Assert.That(Of([.. Enumerable.Repeat(type, 20)]), Is.Empty, type.ToString());
        Assert.That(PackedNames.Of(Prediction(20) with { ArgumentTypes = [] }), Is.Empty);
    }

    [Test]
    public void What_the_model_does_not_read_is_not_sent()
    {
        var prediction = Prediction(10) with { ArgumentTypes = [.. Enumerable.Repeat(s_double, 10)] };
        Assert.That(PackedNames.Of(prediction with { Arguments = prediction.Arguments.SetItem(4, BoundSql.Of("NULL")) }), Is.EqualTo(new[] { 0, 1, 2, 3, 5, 6, 7, 8, 9 }));
        Assert.That(PackedNames.Of(prediction with { Arguments = [.. prediction.Arguments.Select(_ => BoundSql.Unread)] }), Is.Empty);
    }

    [TestCase(28, "", "28")]
    [TestCase(3, "1,2", "3p6")]
    [TestCase(4, "0,1,2,3", "4pf")]
    [TestCase(8, "0,1,2,3,4,5,6,7", "8pff")]
    [TestCase(9, "8", "9p100")]
    [TestCase(70, "0,64,69", "70p210000000000000001")]
    public void Names_are_read_as_they_are_written(int arguments, string places, string name)
    {
        ImmutableArray<int> packed = [.. places.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        Assert.That(PackedNames.Write(arguments, packed), Is.EqualTo(name));
        var read = PackedNames.Read(name);
        Assert.That(read!.Value.Arguments, Is.EqualTo(arguments));
        Assert.That(read.Value.Packed, Is.EqualTo(packed));
    }

    [TestCase("")]
    [TestCase("value")]
    [TestCase("p3")]
    [TestCase("3p")]
    [TestCase("3p0")]
    [TestCase("3p8", Description = "there is no fourth argument")]
    [TestCase("3pxy")]
    [TestCase("-1")]
    [TestCase("3p6p6")]
    public void Other_texts_are_no_such_names(string text) => Assert.That(PackedNames.Read(text), Is.Null);

    private static ImmutableArray<int> Of(ImmutableArray<DataType?> types) => PackedNames.Of(Prediction(types.Length) with { ArgumentTypes = types });

    private static BoundPrediction Prediction(int arguments) => new(null!, PredictionOutput.Value, [.. Enumerable.Range(0, arguments).Select(i => BoundSql.Of($"c{i}"))], 0.5, null);
}
