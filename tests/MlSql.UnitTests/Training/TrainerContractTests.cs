using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Featurizers;
using MlSql.Models.Trees;
using MlSql.Training;

namespace MlSql.UnitTests.Training;

/// <summary>What every trainer of the registry keeps.</summary>
[TestFixtureSource(typeof(Trainers), nameof(Trainers.All))]
internal sealed class TrainerContractTests(TrainerEntry entry)
{
    private readonly EstimatorInfo _info = entry.Info;

    private TrainingTable Mixed { get; } = Samples.Mixed(entry.Info.Task, 9_000, 3) with { Split = new(SplitMode.Random, 0.2, 0.1), Seed = 11 };

    [Test]
    public void Cutting_the_input_into_other_batches_changes_nothing()
    {
        TrainingResult whole = Train(Mixed);
        foreach (int slice in (int[])[1, 7, 2_048])
        {
            TrainingResult sliced = Mixed.Train(_info, Samples.Options(_info), slice: slice);
            AssertSame(sliced, whole, $"batches of {slice}");
        }
    }

    [Test]
    public void Pieces_that_several_threads_bring_in_any_order_change_nothing([Values(1, 700, 2_048, 8_192)] int most, [Values] bool split)
    {
        TrainingTable table = Samples.Mixed(_info.Task, 40_000, 8) with { Split = split ? new(SplitMode.Random, 0.2, 0.1) : SplitSpec.None, Weights = Samples.Weights(40_000, 9), Seed = 11 };
        Random random = new(most);
        List<(int Start, int Count)> pieces = [];
        for (int start = 0; start < table.Rows; start += pieces[^1].Count) pieces.Add((start, Math.Min(table.Rows - start, start < 30_000 ? 8_192 : random.Next(1, most + 1))));
        AssertSame(table.TrainInPieces(_info, Samples.Options(_info), pieces, threads: 3), table.Train(_info, Samples.Options(_info)), $"pieces of up to {most}");
    }

    [Test]
    public void The_number_of_threads_changes_nothing()
    {
        TrainingTable table = Samples.Mixed(_info.Task, 40_000, 4);
        TrainingResult one = table.Train(_info, Samples.Options(_info));
        foreach (int threads in (int[])[2, 3, 8]) AssertSame(table.Train(_info, Samples.Options(_info), threads), one, $"{threads} threads");
    }

    [Test]
    public void The_order_of_rows_changes_the_last_bits_of_weights_at_most_and_none_of_a_tree()
    {
        TrainingTable table = Mixed with { Split = SplitSpec.None };
        int[] order = [.. Enumerable.Range(0, table.Rows)];
        new Random(5).Shuffle(order);
        TrainingResult straight = Train(table, "0.01"), shuffled = Train(table.Take(order), "0.01");
        AssertClose(shuffled, straight, 1e-12);
        Assert.That(shuffled.DataFingerprint, Is.EqualTo(straight.DataFingerprint));
        Assert.That(Train(table.Take([.. order, 0]), "0.01").DataFingerprint, Is.Not.EqualTo(straight.DataFingerprint));
    }

    [Test]
    public void Random_splits_do_not_depend_on_the_order_of_rows()
    {
        int[] order = [.. Enumerable.Range(0, Mixed.Rows)];
        new Random(6).Shuffle(order);
        TrainingResult straight = Train(Mixed), shuffled = Train(Mixed.Take(order));
        Assert.That(shuffled.Rows, Is.EqualTo(straight.Rows));
        Assert.That(straight.Rows.Eval / (double)Mixed.Rows, Is.EqualTo(0.2).Within(0.02));
        Assert.That(straight.Rows.Test / (double)Mixed.Rows, Is.EqualTo(0.1).Within(0.02));
        Assert.That(straight.Metrics.Select(m => m.Split).Distinct(), Is.EqualTo(new[] { "train", "eval", "test" }));
    }

    [Test]
    public void The_seed_decides_the_split_and_the_model()
    {
        TrainingResult first = Train(Mixed), again = Train(Mixed), other = Train(Mixed with { Seed = 12 });
        AssertSame(again, first, "same seed");
        Assert.That(other.Model, Is.Not.EqualTo(first.Model));
    }

    [Test]
    public void Equal_rows_fall_into_one_part()
    {
        TrainingTable table = Samples.Mixed(_info.Task, 300, 7) with { Split = new(SplitMode.Random, 0.3, 0) };
        TrainingTable twice = table.Take([.. Enumerable.Range(0, 300), .. Enumerable.Range(0, 300)]);
        TrainingResult once = Train(table, "0.1"), both = Train(twice, "0.1");
        Assert.That(both.Rows, Is.EqualTo(new TrainingRows(2 * once.Rows.Train, 2 * once.Rows.Eval, 0, 0)));
    }

    [Test]
    public void One_row_is_a_constant_model_or_one_class()
    {
        TrainingTable one = Samples.Mixed(_info.Task, 1, 1) with { Features = [("x", new double?[] { 3 })] };
        if (_info.Task == ModelTask.Classification)
        {
            Assert.That(() => Train(one), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS3006"));
            return;
        }
        TrainingResult result = Train(one);
        Assert.That(result.Metrics.Single(m => m.Metric == "mean_absolute_error").Value, Is.Zero);
        if (result.Model.Structure is LinearStructure linear) Assert.That((linear.Intercept, linear.Weights.Single()), Is.EqualTo(((double)one.Label.Values.GetValue(0)!, 0.0)));
    }

    [Test]
    public void No_rows_are_an_error()
    {
        TrainingTable none = Mixed.Take([]);
        Assert.That(() => Train(none), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS3004"));
    }

    [Test]
    public void Rows_without_a_label_are_dropped_and_counted()
    {
        double?[] x = [1, 2, 3, 4, 5, 6, 7, 8];
        double?[] labels = [0, null, 1, 0, 1, null, 0, double.NaN];
        TrainingTable table = new([("x", x)], ("y", labels));
        TrainingResult all = Train(table), kept = Train(table.Take([0, 2, 3, 4, 6]));
        Assert.That(all.Rows, Is.EqualTo(new TrainingRows(5, 0, 0, 3)));
        Assert.That(all.Model, Is.EqualTo(kept.Model));
    }

    [Test]
    public void Not_a_number_in_a_feature_is_null_and_null_is_the_mean()
    {
        double?[] x = [1, null, 3, 5, 2, 4];
        double?[] labels = [0, 1, 1, 0, 1, 0];
        TrainingResult nulls = Train(new([("x", x)], ("y", labels)));
        TrainingResult nans = Train(new([("x", Array.ConvertAll(x, v => v ?? double.NaN).Select(v => (double?)v).ToArray())], ("y", labels)));
        Assert.That(nans.Model, Is.EqualTo(nulls.Model));
        Assert.That(nans.DataFingerprint, Is.EqualTo(nulls.DataFingerprint));
        if (nulls.Model.Featurizers[0] is NumericFeaturizer featurizer) Assert.That(featurizer.Mean, Is.EqualTo(3));
    }

    [Test]
    public void Cancelling_stops_within_a_second()
    {
        using CancellationTokenSource source = new();
        Stopwatch watch = new();
        Canceller progress = new("encoding", () =>
        {
            watch.Start();
            source.Cancel();
        });
        TrainingTable table = Samples.Numbers(_info.Task, 30_000, 20, 5);
        Assert.That(() => table.Train(_info, Samples.Options(_info), 2, progress: progress, cancel: source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
        Assert.That(watch.IsRunning, "the phase was reported");
    }

    [Test]
    public void Progress_names_the_phases_in_order()
    {
        List<string> phases = [];
        Mixed.Train(_info, Samples.Options(_info), progress: new Listener(p => phases.Add(p.Phase)));
        Assert.That(phases.Distinct(), Is.EqualTo(new[] { "reading", "encoding", "training", "evaluating" }));
        Assert.That(phases, Has.Count.LessThan(100));
    }

    private TrainingResult Train(TrainingTable table, string l2 = "0") => table.Train(_info, Samples.Options(_info, l2));

    private static void AssertSame(TrainingResult actual, TrainingResult expected, string what)
    {
        Assert.That(actual.Model, Is.EqualTo(expected.Model), what);
        Assert.That(actual.Metrics, Is.EqualTo(expected.Metrics), what);
        Assert.That(actual.DataFingerprint, Is.EqualTo(expected.DataFingerprint), what);
        Assert.That(actual.Iterations.Select(i => (i.Loss, i.EvalLoss)), Is.EqualTo(expected.Iterations.Select(i => (i.Loss, i.EvalLoss))), what);
    }

    private static void AssertClose(TrainingResult actual, TrainingResult expected, double tolerance)
    {
        if (expected.Model.Structure is TreeStructure)
        {
            Assert.That(ModelFormat.Write(actual.Model), Is.EqualTo(ModelFormat.Write(expected.Model)));
            return;
        }
        LinearStructure a = (LinearStructure)actual.Model.Structure, b = (LinearStructure)expected.Model.Structure;
        double size = b.Weights.Max(Math.Abs);
        for (int i = 0; i < b.Weights.Length; i++) Assert.That(a.Weights[i], Is.EqualTo(b.Weights[i]).Within(tolerance * size), $"weight {i}");
        Assert.That(a.Intercept, Is.EqualTo(b.Intercept).Within(tolerance * Math.Max(size, Math.Abs(b.Intercept))));
    }

    private sealed class Canceller(string phase, Action cancel) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Phase == phase) cancel();
        }
    }

    private sealed class Listener(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
