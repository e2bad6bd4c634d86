using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Training;
using MlSql.Training.Encoders;

namespace MlSql.UnitTests.Training;

/// <summary>WEIGHT CLASSES BALANCED beside weights of rows: what a class weighs is the same for any order of the rows, to the last bit.</summary>
internal sealed class BalancedWeightsTests
{
    private const int Rows = 9_000;

    [Test]
    public void Fractions_of_weights_in_any_order_give_the_same_trees([Values(2, 3)] int classes)
    {
        EstimatorInfo info = TrainingTable.Estimator("boosted_tree_classifier");
        TrainingTable table = Table(classes);
        byte[] expected = Bytes(table);
        for (int seed = 1; seed <= 4; seed++) Assert.That(Bytes(Shuffled(table, seed)), Is.EqualTo(expected), $"order {seed}");

        byte[] Bytes(TrainingTable rows) => ModelFormat.Write(rows.Train(info, TrainingTable.Options(info, ("num_trees", "4")), threads: 2, slice: 1_777).Model);
    }

    // A linear model's own sums keep the order of the rows in their last bits; what its rows weigh must not.
    [Test]
    public void Fractions_of_weights_in_any_order_weigh_the_same()
    {
        TrainingTable table = Table(2);
        double[] expected = Weights(table);
        for (int seed = 1; seed <= 4; seed++)
        {
            int[] order = Order(seed);
            double[] shuffled = Weights(table.Take(order));
            Assert.That(order.Select((row, i) => shuffled[i] == expected[row]), Is.All.True, $"order {seed}");
        }
        Assert.That(expected.Zip((string[])table.Label.Values).GroupBy(row => row.Second, row => row.First).Select(weights => weights.Sum()), Is.All.EqualTo(expected.Sum() / 2).Within(1e-9));
    }

    [Test]
    public void A_weight_of_the_largest_size_is_refused_and_does_not_wrap()
    {
        TrainingTable table = Table(2) with { Weights = [.. Enumerable.Repeat((double?)double.MaxValue, Rows)] };
        EstimatorInfo info = TrainingTable.Estimator("logistic_regression");
        Assert.That(Assert.Throws<CodedException>(() => table.Train(info, TrainingTable.Options(info)))!.Code, Is.EqualTo("MLS3022"));
    }

    private static double[] Weights(TrainingTable table)
    {
        EstimatorInfo info = TrainingTable.Estimator("logistic_regression");
        TrainingSpec spec = table.Spec(info, TrainingTable.Options(info));
        using MlSql.Training.Rows.RowIntake intake = new(spec, new(1L << 30));
        using Memory.TrainingViews views = new();
        intake.Append(table.Columns(views, 0, table.Rows), table.Rows);
        using MlSql.Training.Rounds.BlockCrew crew = new(1);
        MlSql.Training.Rows.RowStore store = intake.Arrange(null, crew, default);
        return TrainingWeights.Flatten(TrainingWeights.Of(store, spec, store.Labels.FinishClasses(2))!);
    }

    private static TrainingTable Shuffled(TrainingTable table, int seed) => table.Take(Order(seed));

    private static int[] Order(int seed)
    {
        int[] order = [.. Enumerable.Range(0, Rows)];
        new Random(seed).Shuffle(order);
        return order;
    }

    // Weights of very different sizes: sums of doubles would differ in their last bits.
    private static TrainingTable Table(int classes)
    {
        Random random = new(3);
        double?[] x = [.. Enumerable.Range(0, Rows).Select(_ => (double?)random.NextDouble())];
        string[] y = [.. x.Select(v => "class" + (int)((classes - 0.01) * Math.Min(1, v!.Value * v.Value + 0.2 * random.NextDouble())))];
        return new([("x", x)], ("y", y)) { Weights = [.. Enumerable.Range(0, Rows).Select(_ => (double?)Math.Pow(10, 6 * random.NextDouble() - 4))], ClassWeighting = new(true, ClassWeighting.None.Weights) };
    }
}
