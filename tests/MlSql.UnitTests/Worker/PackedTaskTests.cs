using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Scoring;

namespace MlSql.UnitTests.Worker;

/// <summary>Arguments that come as the elements of one list are those that come as columns.</summary>
internal sealed class PackedTaskTests
{
    private static readonly FloatType s_double = new(64);
    private static readonly double?[] s_a = [3, null, -1, 0.5], s_b = [7, 8, null, null];

    [Test]
    public void All_of_them_in_the_list() => Check([0, 1], List(s_double, [3, 0, -1, 0.5], [7, 8, 0, 0], valid: 0b01_01_10_11));

    [Test]
    public void The_first_one() => Check([0], List(s_double, [3, 0, -1, 0.5], valid: 0b1101), Numbers([7, 8, 0, 0], 0b0011));

    [Test]
    public void The_second_one() => Check([1], List(s_double, [7, 8, 0, 0], valid: 0b0011), Numbers([3, 0, -1, 0.5], 0b1101));

    [Test]
    public void Lists_of_another_length_are_refused()
    {
        Assert.That(Answer([0, 1], new ListColumn(new ListType(s_double), [0, 2, 3], Numbers([1, 2, 3], 7), 2, null)).Error, Does.StartWith("MLS4309: ").And.Contain("2 parameters but 1 arguments"));
        Assert.That(Answer([0, 1], new ListColumn(new ListType(s_double), [0, 2, 2], Numbers([1, 2], 3), 2, [1])).Error, Does.StartWith("MLS4309: ").And.Contain("2 parameters but 0 arguments"));
    }

    [Test]
    public void Another_number_of_arguments_is_refused()
    {
        Assert.That(Answer([0, 1], List(s_double, [1], [2], valid: 3), Numbers([1], 1)).Error, Does.StartWith("MLS4309: ").And.Contain("2 parameters but 3 arguments"));
        Assert.That(Answer([1], List(s_double, [1], valid: 1)).Error, Does.StartWith("MLS4309: "));
    }

    [Test]
    public void What_is_no_list_of_numbers_is_refused()
    {
        Assert.That(Answer([0, 1], Numbers([1], 1)).Error, Does.StartWith("MLS4311: ").And.Contain("DOUBLE"));
        Assert.That(Answer([0, 1], new ListColumn(new ListType(new IntegerType(8, true)), [0, 2], new FixedColumn<sbyte>(new IntegerType(8, true), [1, 2], 2, null), 1, null)).Error, Does.StartWith("MLS4311: "));
    }

    private static void Check(ImmutableArray<int> packed, params Column[] columns)
    {
        var answer = Answer(packed, columns);
        Assert.That(answer.Error, Is.Null);
        Assert.That(((FixedColumn<double>)answer.Batches.Single().Columns[0]).Values.ToArray(), Is.EqualTo(s_a.Zip(s_b, (a, b) => TemporaryModel.Score(a, b))));
    }

    private static Answer Answer(ImmutableArray<int> packed, params Column[] columns)
    {
        using TemporaryModel model = new();
        using EngineSide engine = new EngineSide().Opened();
        Schema schema = new([.. columns.Select((c, i) => new Field($"_{i}", c.Type))]);
        return engine.Run(TaskBytes.Scalar(model.Predict(ScoreOutput.Value, s_double, "a", "b") with { Packed = packed }, model.Folder, schema, new RecordBatch(schema, columns, columns[0].Length)));
    }

    private static FixedColumn<double> Numbers(double[] values, ulong valid) => new(s_double, values, values.Length, [valid]);

    // Row by row: the first of each, then the second of each.
    private static ListColumn List(DataType element, double[] first, ulong valid) => new(new ListType(element), [.. Enumerable.Range(0, first.Length + 1)], Numbers(first, valid), first.Length, null);

    private static ListColumn List(DataType element, double[] first, double[] second, ulong valid) =>
        new(new ListType(element), [.. Enumerable.Range(0, first.Length + 1).Select(i => 2 * i)], Numbers([.. first.Zip(second, (a, b) => new[] { a, b }).SelectMany(p => p)], valid), first.Length, null);
}
