using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Trees;
using MlSql.Scoring;
using MlSql.UnitTests.Scoring.Memory;

namespace MlSql.UnitTests.Scoring;

/// <summary>What every scorer of the registry keeps.</summary>
[TestFixtureSource(typeof(ScorerContract), nameof(Names))]
internal sealed class ScorerContract(string name)
{
    private const int Rows = 2_100;
    private readonly ScorerEntry _entry = Scorers.All.Single(e => e.Name == name);

    public static IEnumerable<string> Names => Scorers.All.Select(e => e.Name);

    [Test]
    public void Batches_of_any_size_give_the_same_bits([Values(1, 3, 8, 63, 64, 65, 1000, 1024, 1025, 2048)] int batch)
    {
        var rows = Example(11, batch < 64 ? 260 : Rows);
        var scorer = Make(rows.Model);
        Assert.That(Bits(rows.Score(scorer, batch: batch)), Is.EqualTo(Bits(rows.Score(scorer))));
    }

    [Test]
    public void No_rows_are_a_batch_too()
    {
        var rows = Example(12, 0);
        Assert.That(rows.Score(Make(rows.Model)), Is.Empty);
    }

    [Test]
    public void Rows_of_only_nulls_all_score_alike()
    {
        var rows = Example(13, 300);
        rows = rows with { Columns = [.. rows.Columns.Select(c => c with { Values = new object?[300] })] };
        double[] scores = rows.Score(Make(rows.Model));
        Assert.That(double.IsFinite(scores[0]));
        Assert.That(scores, Is.All.EqualTo(scores[0]));
    }

    [Test]
    public void Extreme_values_never_fail_and_stay_in_their_row()
    {
        var rows = Example(14, 200);
        var scorer = Make(rows.Model);
        double[] before = rows.Score(scorer);
        foreach (var column in rows.Columns)
        {
            object?[] extremes = [.. Extremes(column.Type)];
            for (int i = 0; i < extremes.Length; i++) column.Values[i * 7 + 2] = extremes[i];
        }
        double[] after = rows.Score(scorer);
        Assert.That(Bits(rows.Score(scorer, batch: 5)), Is.EqualTo(Bits(after)));
        for (int row = 0; row < rows.Rows; row++)
            if (row % 7 != 2) Assert.That(after[row], Is.EqualTo(before[row]), $"row {row}");
    }

    [Test]
    public void Four_threads_share_one_scorer()
    {
        var rows = Example(15, Rows);
        var scorer = Make(rows.Model);
        double[] expected = rows.Score(scorer);
        var failures = 0;
        var threads = Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            for (int i = 0; i < 3; i++)
                if (!rows.Score(scorer, t % 2 == 0 ? ViewStyle.Views : ViewStyle.Offsets, batch: 700 + t).AsSpan().SequenceEqual(expected)) Interlocked.Increment(ref failures);
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.That(failures, Is.Zero);
    }

    private IScorer Make(Model model)
    {
        var scorer = Scorers.Create(model);
        Assert.That(scorer.GetType(), Is.EqualTo(_entry.Create(model).GetType()));
        Assert.That(scorer.Signature, Is.SameAs(model.Signature));
        return scorer;
    }

    private ScoringCase Example(int seed, int rows) => _entry.Structure == typeof(LinearStructure)
        ? RandomCases.Linear(seed, rows, everything: true)
        : _entry.Structure == typeof(TreeStructure)
        ? RandomCases.Trees(seed, rows)
        : throw new UnreachableException($"Give the contract an example of a {_entry.Name} model.");

    private static long[] Bits(double[] scores) => [.. scores.Select(BitConverter.DoubleToInt64Bits)];

    private static IEnumerable<object?> Extremes(DataType type) => type switch
    {
        FloatType { Bits: 32 } => [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, float.MaxValue, -0f],
        FloatType => [double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, -0.0],
        IntegerType { Bits: 128, Signed: false } => [UInt128.MaxValue, UInt128.MinValue],
        IntegerType { Signed: false } i => [(Int128.One << i.Bits) - 1, Int128.Zero],
        IntegerType { Bits: 128 } => [Int128.MaxValue, Int128.MinValue],
        IntegerType i => [(Int128.One << i.Bits - 1) - 1, -(Int128.One << i.Bits - 1)],
        DateType => [int.MaxValue, int.MinValue, -int.MaxValue, int.MaxValue - 1, int.MinValue + 2],
        TimestampType => [long.MaxValue, long.MinValue, -long.MaxValue, long.MaxValue - 1, long.MinValue + 2],
        StringType => ["", "\0", new string('x', 100_000), "never seen"],
        _ => [],
    };
}
