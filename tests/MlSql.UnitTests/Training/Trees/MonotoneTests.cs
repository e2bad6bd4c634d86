using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.UnitTests.Training.Trees;

/// <summary>The option monotone: scores go one way with a feature, whatever the other features are.</summary>
internal sealed class MonotoneTests
{
    private const int Rows = 1_500;

    private static EstimatorInfo Classifier { get; } = TrainingTable.Estimator("boosted_tree_classifier");

    private static EstimatorInfo Regressor { get; } = TrainingTable.Estimator("boosted_tree_regressor");

    // The labels go up and down with the features, so that the directions must be forced on them.
    [Test]
    public void Scores_are_monotone([Values("squared_error", "poisson", "quantile", "logistic", "softmax")] string objective, [Values(1, 2, 3)] int seed, [Values] bool weighted)
    {
        bool classes = objective is "logistic" or "softmax";
        EstimatorInfo info = classes ? Classifier : Regressor;
        TrainingTable table = Waves(seed, classes ? objective == "logistic" ? 2 : 3 : 0) with { Weights = weighted ? Samples.Weights(Rows, seed) : null };
        OptionValues options = TrainingTable.Options(info, ("objective", objective), ("num_trees", "15"), ("learn_rate", "0.4"), ("min_data_in_leaf", "3"), ("l2_reg", seed == 2 ? "1" : "0"), ("subsample", seed == 3 ? "0.8" : "1"), ("alpha", "0.7"));
        TreeStructure free = Structure(table, info, options), bound = Structure(table, info, With(options, ("up", 1), ("down", -1)));
        Assert.That(Violations(free, 0, 1) + Violations(free, 1, -1), Is.Positive, "these rows say otherwise");
        Assert.That(Violations(bound, 0, 1), Is.Zero);
        Assert.That(Violations(bound, 1, -1), Is.Zero);
        Assert.That(bound.Trees.SelectMany(tree => tree.Splits).Select(split => split.Column).Distinct(), Is.SupersetOf(new[] { 0, 1, 2 }), "the features are read all the same");
    }

    [Test]
    public void A_direction_that_the_rows_have_costs_nothing()
    {
        double?[] x = [.. Enumerable.Range(0, Rows).Select(i => (double?)i)];
        double?[] y = [.. Enumerable.Range(0, Rows).Select(i => (double?)(i / 100))];
        TrainingTable table = new([("x", x)], ("y", y));
        OptionValues options = TrainingTable.Options(Regressor, ("num_trees", "40"), ("learn_rate", "0.3"));
        double with = table.Train(Regressor, With(options, ("x", 1))).Iterations[^1].Loss, without = table.Train(Regressor, options).Iterations[^1].Loss;
        Assert.That(with, Is.EqualTo(without).Within(1e-3));
        double against = table.Train(Regressor, With(options, ("x", -1))).Iterations[^1].Loss;
        Assert.That(against, Is.GreaterThan(1), "nothing can be learnt the other way round");
    }

    // Half of the rows have no value, and they score the highest: dividing them off is free.
    [Test]
    public void Missing_values_may_go_anywhere([Values(1, -1)] int direction)
    {
        double?[] x = [.. Enumerable.Range(0, Rows).Select(i => i % 2 == 0 ? null : (double?)i)];
        double?[] y = [.. Enumerable.Range(0, Rows).Select(i => (double?)(i % 2 == 0 ? 10 : 0))];
        TreeStructure trees = Structure(new([("x", x)], ("y", y)), Regressor, With(TrainingTable.Options(Regressor, ("num_trees", "1"), ("learn_rate", "1")), ("x", direction)));
        double[] score = new double[1];
        TreeWalk.Score(trees, [double.NaN], score);
        Assert.That(score[0], Is.EqualTo(10).Within(1e-2));
        TreeWalk.Score(trees, [3], score);
        Assert.That(score[0], Is.Zero.Within(1e-2));
    }

    [Test]
    public void Order_of_rows_and_threads_change_no_byte([Values("squared_error", "quantile")] string objective)
    {
        TrainingTable table = Waves(7, 0) with { Weights = Samples.Weights(Rows, 8) };
        int[] order = [.. Enumerable.Range(0, Rows)];
        new Random(1).Shuffle(order);
        OptionValues options = With(TrainingTable.Options(Regressor, ("objective", objective), ("num_trees", "8")), ("up", 1), ("down", -1));
        byte[] expected = ModelFormat.Write(table.Train(Regressor, options).Model);
        Assert.That(ModelFormat.Write(table.Take(order).Train(Regressor, options, threads: 3, slice: 177).Model), Is.EqualTo(expected));
    }

    [TestCase("text")]
    [TestCase("nothing")]
    public void Only_numbers_have_a_direction(string feature) =>
        Assert.That(Assert.Throws<CodedException>(() => Waves(1, 0).Train(Regressor, With(TrainingTable.Options(Regressor), (feature, 1))))!.Code, Is.EqualTo("MLS3029"));

    private static TreeStructure Structure(TrainingTable table, EstimatorInfo info, OptionValues options) => (TreeStructure)table.Train(info, options).Model.Structure;

    private static OptionValues With(OptionValues options, params (string Feature, int Direction)[] directions) => new(options.Values.AddRange(
        directions.Select(d => KeyValuePair.Create("monotone." + d.Feature, d.Direction.ToString(System.Globalization.CultureInfo.InvariantCulture)))));

    // Sweeps one column over a grid that goes beyond what was seen, all others fixed, missing ones too.
    private static int Violations(TreeStructure trees, int column, int direction)
    {
        Random random = new(99);
        int violations = 0;
        double[] scores = new double[trees.Bases.Length], before = new double[trees.Bases.Length];
        for (int i = 0; i < 150; i++)
        {
            double[] row = [random.NextDouble(), random.NextDouble(), random.Next(4) == 0 ? double.NaN : random.NextDouble(), random.Next(5)];
            if (random.Next(5) == 0) row[1 - column] = double.NaN;
            Array.Fill(before, direction * double.NegativeInfinity);
            for (int step = -2; step <= 62; step++)
            {
                row[column] = step / 60.0;
                TreeWalk.Score(trees, row, scores);
                for (int output = 0; output < scores.Length; output++)
                    if (direction * scores[output] < direction * before[output]) violations++;
                scores.CopyTo(before, 0);
            }
        }
        return violations;
    }

    private static TrainingTable Waves(int seed, int classes)
    {
        Random random = new(seed);
        double?[] up = new double?[Rows], down = new double?[Rows], other = new double?[Rows], y = new double?[Rows];
        var text = new string?[Rows];
        for (int i = 0; i < Rows; i++)
        {
            up[i] = random.Next(10) == 0 ? null : random.NextDouble();
            down[i] = random.Next(10) == 0 ? null : random.NextDouble();
            other[i] = random.Next(10) == 0 ? null : random.NextDouble();
            text[i] = "level" + random.Next(5);
            double wave = Math.Sin(9 * (up[i] ?? 0.3)) + Math.Cos(7 * (down[i] ?? 0.9)) + 2 * (other[i] ?? 1) * ((up[i] ?? 0.5) - (down[i] ?? 0.5)) + (text[i] == "level1" ? 1 : 0);
            y[i] = Math.Floor(Math.Max(0, 20 + 10 * wave + 5 * random.NextDouble()));
        }
        (string, Array) label = classes == 0 ? ("y", y) : ("y", Array.ConvertAll(y, v => "class" + Math.Min(classes - 1, (int)(v!.Value / (classes == 2 ? 25 : 18)))));
        return new([("up", up), ("down", down), ("other", other), ("text", text)], label);
    }
}
