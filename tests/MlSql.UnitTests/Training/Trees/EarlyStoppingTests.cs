using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Trees;
using MlSql.Training;

namespace MlSql.UnitTests.Training.Trees;

/// <summary>EARLY STOPPING: where training ends, and that the model and its metrics are those of the best iteration.</summary>
internal sealed class EarlyStoppingTests
{
    private static EstimatorInfo Classifier { get; } = TrainingTable.Estimator("boosted_tree_classifier");

    private static EstimatorInfo Regressor { get; } = TrainingTable.Estimator("boosted_tree_regressor");

    [Test]
    public void The_model_and_its_metrics_are_those_of_the_best_iteration([Values("squared_error", "poisson", "quantile", "logistic", "softmax")] string objective, [Values("1", "0.7")] string subsample)
    {
        bool classes = objective is "logistic" or "softmax";
        EstimatorInfo info = classes ? Classifier : Regressor;
        TrainingTable table = Noise(classes ? objective == "logistic" ? 2 : 3 : 0);
        (string, string)[] options = [("objective", objective), ("learn_rate", "0.5"), ("min_data_in_leaf", "5"), ("subsample", subsample)];

        TrainingResult stopped = (table with { EarlyStopping = new(4, 0, "loss") }).Train(info, TrainingTable.Options(info, [.. options, ("num_trees", "60")]));
        int best = stopped.Stopping!.BestIteration;
        double[] losses = [.. stopped.Iterations.Select(i => i.EvalLoss!.Value)];
        Assert.That(stopped.Stopping.Early, Is.True);
        Assert.That(losses, Has.Length.EqualTo(best + 4), "all iterations are listed, also those that are not kept");
        Assert.That(Array.IndexOf(losses, losses.Min()) + 1, Is.EqualTo(best));

        TrainingResult whole = table.Train(info, TrainingTable.Options(info, [.. options, ("num_trees", best.ToString(System.Globalization.CultureInfo.InvariantCulture))]));
        Assert.That(ModelFormat.Write(stopped.Model), Is.EqualTo(ModelFormat.Write(whole.Model)));
        Assert.That(stopped.Metrics, Is.EqualTo(whole.Metrics), "of the train, eval and test rows");
        Assert.That(whole.Stopping, Is.Null);
    }

    [TestCase("mean_absolute_error", "poisson", 1)]
    [TestCase("mean_squared_error", "poisson", 1)]
    [TestCase("mean_squared_error", "squared_error", 1)]
    [TestCase("log_loss", "logistic", 1)]
    [TestCase("accuracy", "logistic", -1)]
    [TestCase("accuracy", "softmax", -1)]
    public void The_best_iteration_is_that_of_the_metric(string metric, string objective, int sign)
    {
        const int Most = 12;
        bool classes = objective is "logistic" or "softmax";
        EstimatorInfo info = classes ? Classifier : Regressor;
        TrainingTable table = Noise(classes ? objective == "logistic" ? 2 : 3 : 0);
        OptionValues Options(int trees) => TrainingTable.Options(info, ("objective", objective), ("learn_rate", "0.5"), ("min_data_in_leaf", "5"), ("num_trees", trees.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        double[] measured = [.. Enumerable.Range(1, Most).Select(trees => sign * table.Train(info, Options(trees)).Metrics.Single(m => m.Split == "eval" && m.Metric == metric).Value!.Value)];
        TrainingResult stopped = (table with { EarlyStopping = new(Most, 0, metric) }).Train(info, Options(Most));
        Assert.That(stopped.Stopping, Is.EqualTo(new MlSql.Models.Store.VersionStopping(Array.IndexOf(measured, measured.Min()) + 1, false)));
    }

    [Test]
    public void What_is_no_better_by_min_delta_does_not_count()
    {
        TrainingResult result = (Noise(0) with { EarlyStopping = new(3, 1e9, "loss") }).Train(Regressor, TrainingTable.Options(Regressor));
        Assert.That(result.Stopping, Is.EqualTo(new MlSql.Models.Store.VersionStopping(1, true)));
        Assert.That(result.Iterations, Has.Length.EqualTo(4));
        Assert.That(((TreeStructure)result.Model.Structure).Trees, Has.Length.EqualTo(1));
    }

    [Test]
    public void Order_of_rows_and_threads_change_no_byte([Values("loss", "mean_absolute_error")] string metric)
    {
        TrainingTable table = Noise(0) with { Weights = Fractions(), EarlyStopping = new(4, 0, metric) };
        int[] order = [.. Enumerable.Range(0, table.Rows)];
        new Random(1).Shuffle(order);
        OptionValues options = TrainingTable.Options(Regressor, ("learn_rate", "0.5"));
        TrainingResult expected = table.Train(Regressor, options), shuffled = table.Take(order).Train(Regressor, options, threads: 3, slice: 177);
        Assert.That(ModelFormat.Write(shuffled.Model), Is.EqualTo(ModelFormat.Write(expected.Model)));
        Assert.That(shuffled.Stopping, Is.EqualTo(expected.Stopping));
    }

    [Test]
    public void Without_rows_for_evaluation_there_is_nothing_to_look_at()
    {
        TrainingTable table = Noise(0) with { EarlyStopping = new(4, 0, "loss") };
        bool[] noneEval = new bool[table.Rows], someEval = [.. Enumerable.Range(0, table.Rows).Select(i => i % 3 == 0)];
        double?[] weights = Array.ConvertAll(someEval, eval => (double?)(eval ? 0 : 1));
        Assert.That(Code(table with { SplitColumn = noneEval }), Is.EqualTo("MLS3027"));
        Assert.That(Code(table with { SplitColumn = someEval, Weights = weights }), Is.EqualTo("MLS3028"));

        static string Code(TrainingTable rows) => Assert.Throws<CodedException>(() => rows.Train(Regressor, TrainingTable.Options(Regressor)))!.Code;
    }

    // A little to learn, much that cannot be: the eval rows soon see it become worse.
    private static TrainingTable Noise(int classes)
    {
        const int Rows = 900;
        Random random = new(11);
        var a = new double?[Rows];
        var b = new double?[Rows];
        var y = new double?[Rows];
        for (int i = 0; i < Rows; i++)
        {
            (a[i], b[i]) = (random.NextDouble(), random.Next(9) == 0 ? null : random.NextDouble());
            y[i] = Math.Floor(2 * a[i]!.Value + 3 * random.NextDouble());
        }
        (string, Array) label = classes == 0 ? ("y", y) : ("y", Array.ConvertAll(y, v => "class" + Math.Min(classes - 1, (int)v!.Value)));
        return new([("a", a), ("b", b)], label) { Split = new(SplitMode.Random, 0.3, 0.1) };
    }

    private static double?[] Fractions()
    {
        Random random = new(12);
        return [.. Enumerable.Range(0, 900).Select(_ => (double?)(random.NextDouble() / 3))];
    }
}
