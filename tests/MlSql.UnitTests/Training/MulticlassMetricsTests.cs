using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Training.Metrics;
using MlSql.Training.Rounds;
using MlSql.UnitTests.Training.Memory;

namespace MlSql.UnitTests.Training;

/// <summary>Metrics of more than two classes against scikit-learn, against their definitions and against those of two classes.</summary>
internal sealed class MulticlassMetricsTests
{
    private static readonly string[] Names = ["precision", "recall", "accuracy", "f1_score", "log_loss", "roc_auc"];

    // scikit-learn 1.9.1 over the rows of Sample: precision_recall_fscore_support(average='macro', zero_division=0), accuracy_score, log_loss and roc_auc_score(multi_class='ovr'), each with sample_weight in the second case.
    [TestCase(7UL, 40, 3, false, new[] { 0.4861111111111111, 0.49059011164274313, 0.5, 0.48560135516657255, 1.1126862152593975, 0.6065650673182433 })]
    [TestCase(7UL, 40, 3, true, new[] { 0.45389488639672054, 0.4436410826844643, 0.4576271186440678, 0.4429689246590655, 1.1841597277329479, 0.591087371319777 })]
    [TestCase(11UL, 3_000, 5, false, new[] { 0.3808104423019604, 0.3803263632769798, 0.38033333333333336, 0.379131444899554, 1.6335339565903524, 0.6083090046406346 })]
    [TestCase(11UL, 3_000, 5, true, new[] { 0.3774177895031922, 0.3775863873543118, 0.37752596789423987, 0.37608070042063724, 1.6357970949920668, 0.605249602023038 })]
    public void Figures_are_those_of_scikit_learn(ulong seed, int rows, int classes, bool weighted, double[] expected)
    {
        Sample sample = Sample.Of(seed, rows, classes);
        ImmutableArray<Metric> metrics = Compute(sample.Probabilities, sample.Labels, weighted ? sample.Weights : []);
        Assert.That(metrics.Select(m => m.Name), Is.EqualTo(Names));
        Assert.That(metrics.Select(m => m.Value!.Value), Is.EqualTo(expected).Within(1e-12));
    }

    // scikit-learn 1.9.1, as above: the third and the fourth class have no row, and nobody is said to be of the fourth, which leaves it out of the averages.
    [Test]
    public void A_class_that_no_row_has_counts_only_where_it_is_said()
    {
        double[][] byRow = [[0.5, 0.25, 0.125, 0.125], [0.25, 0.5, 0.125, 0.125], [0.125, 0.25, 0.5, 0.125], [0.375, 0.375, 0.125, 0.125]];
        double?[] metrics = [.. Compute(ByClass(byRow), [0, 0, 1, 1], []).Select(m => m.Value)];
        Assert.That(metrics[..5], Is.EqualTo(new double?[] { 1 / 6.0, 1 / 6.0, 0.25, 1 / 6.0, 1.111641288952863 }).Within(1e-15));
        Assert.That(metrics[5], Is.Null, "an area needs rows of every class");
    }

    [Test]
    public void Of_equal_probabilities_the_first_class_is_said() =>
        Assert.That(Compute(ByClass([[0.4, 0.4, 0.2], [0.2, 0.4, 0.4]]), [0, 1], [])[2].Value, Is.EqualTo(1));

    [Test]
    public void A_sure_error_costs_as_much_as_the_clip_allows() =>
        Assert.That(Compute(ByClass([[1, 0, 0], [1, 0, 0]]), [1, 0], [])[4].Value, Is.EqualTo(-Math.Log(1e-15) / 2).Within(1e-12));

    [Test]
    public void Nothing_can_be_said_of_no_rows_and_of_rows_that_weigh_nothing()
    {
        Assert.That(Compute([[], [], []], [], []).Select(m => m.Value), Is.All.Null);
        Assert.That(Compute(ByClass([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]]), [1, 0], [0, 0]).Select(m => m.Value), Is.All.Null);
    }

    [Test]
    public void Two_classes_give_the_figures_of_the_binary_metrics() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        Sample sample = Sample.Of((ulong)seed, 30, 2);
        // A probability of one half is said to be the first class here, and the positive one there.
        int[] rows = [.. Enumerable.Range(0, 30).Where(r => sample.Probabilities[1][r] != 0.5)];
        double[] positive = [.. rows.Select(r => sample.Probabilities[1][r])], negative = [.. positive.Select(p => 1 - p)];
        double[] labels = [.. rows.Select(r => sample.Labels[r])], weights = [.. rows.Select(r => sample.Weights[r])], mirrored = [.. labels.Select(l => 1 - l)];
        using BlockCrew crew = new(1);
        double?[] yes = Values(BinaryMetrics.Of(positive, labels, weights, 0.5, crew, default)), no = Values(BinaryMetrics.Of(negative, mirrored, weights, 0.5, crew, default));
        double?[] ours = Values(Compute([negative, positive], labels, weights));
        foreach (int i in new[] { 0, 1, 3, 5 })
            Assert.That(ours[i], i == 5 && yes[i] is null ? Is.Null : Is.EqualTo(((yes[i] ?? 0) + (no[i] ?? 0)) / 2).Within(1e-12), Names[i]);
        Assert.That(ours[2], Is.EqualTo(yes[2]).Within(1e-12));
        Assert.That(ours[4], Is.EqualTo(yes[4]).Within(1e-12));
    }).QuickCheckThrowOnFailure();

    [Test]
    public void A_weight_of_two_is_the_row_twice_and_of_zero_none() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        Sample sample = Sample.Of((ulong)seed, 25, 4);
        double[] weights = [.. sample.Weights.Select(w => Math.Floor(2 * w) % 3)];
        int[] repeated = [.. Enumerable.Range(0, 25).SelectMany(r => Enumerable.Repeat(r, (int)weights[r]))];
        double?[] weighed = Values(Compute(sample.Probabilities, sample.Labels, weights)), counted = Values(Compute(sample.At(repeated), [.. repeated.Select(r => sample.Labels[r])], []));
        for (int i = 0; i < weighed.Length; i++) Assert.That(weighed[i], counted[i] is { } value ? Is.EqualTo(value).Within(1e-12) : Is.Null, Names[i]);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void The_order_of_rows_does_not_matter()
    {
        Sample sample = Sample.Of(5, 20_000, 4);
        int[] shuffled = [.. Enumerable.Range(0, 20_000)];
        new Random(3).Shuffle(shuffled);
        double[] labels = [.. shuffled.Select(r => sample.Labels[r])], weights = [.. shuffled.Select(r => sample.Weights[r])];
        double?[] plain = Values(Compute(sample.Probabilities, sample.Labels, [])), weighed = Values(Compute(sample.Probabilities, sample.Labels, sample.Weights));
        // What counts rows is exact; logarithms are rounded before they are summed up.
        double?[] plainShuffled = Values(Compute(sample.At(shuffled), labels, [])), weighedShuffled = Values(Compute(sample.At(shuffled), labels, weights));
        foreach (int i in new[] { 0, 1, 2, 3, 5 })
        {
            Assert.That(plainShuffled[i], Is.EqualTo(plain[i]), Names[i]);
            Assert.That(weighedShuffled[i], Is.EqualTo(weighed[i]), Names[i]);
        }
        Assert.That(plainShuffled[4], Is.EqualTo(plain[4]).Within(1e-14));
        Assert.That(weighedShuffled[4], Is.EqualTo(weighed[4]).Within(1e-14));
    }

    [Test]
    public void The_number_of_threads_changes_no_bit()
    {
        Sample sample = Sample.Of(9, 50_000, 3);
        double[] weights = [.. sample.Weights.Select(w => w / 3 + 0.1)];
        foreach (double[] weighed in (double[][])[[], weights])
        {
            ImmutableArray<Metric> one = Compute(sample.Probabilities, sample.Labels, weighed);
            foreach (int threads in new[] { 2, 3, 8 }) Assert.That(Compute(sample.Probabilities, sample.Labels, weighed, threads), Is.EqualTo(one));
        }
    }

    [Test]
    public void One_array_of_all_classes_gives_the_same()
    {
        Sample sample = Sample.Of(2, 100, 3);
        using BlockCrew crew = new(1);
        double[] flat = [.. sample.Probabilities.SelectMany(p => p)];
        Assert.That(MulticlassMetrics.Of(flat, 3, sample.Labels, sample.Weights, crew, default), Is.EqualTo(Compute(sample.Probabilities, sample.Labels, sample.Weights)));
        Assert.That(() => MulticlassMetrics.Of(flat, 4, sample.Labels, sample.Weights, crew, default), Throws.ArgumentException);
    }

    [Test]
    public void A_cancelled_measurement_ends()
    {
        Sample sample = Sample.Of(2, 100, 3);
        using BlockCrew crew = new(1);
        double[] flat = [.. sample.Probabilities.SelectMany(p => p)];
        Assert.That(() => MulticlassMetrics.Of(flat, 3, sample.Labels, default, crew, new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Batches_of_lists_give_the_same_as_the_arrays()
    {
        Sample sample = Sample.Of(13, 200, 3);
        string[] classes = ["äpfel", "birnen", "zimt"];
        Array.Sort(classes, StringComparer.Ordinal);
        Evaluation evaluation = new(ModelTask.Classification, new(ClassKind.Text, [.. classes]), 0.5);
        for (int start = 0; start < 200; start += 30)
        {
            int[] rows = [.. Enumerable.Range(start, Math.Min(30, 200 - start))];
            using TrainingViews views = new();
            // Rows without an answer lie between the others, and the batch is cut in two.
            ColumnView lists = views.Lists([null, .. rows.Select(r => (double?[]?)[.. sample.Probabilities.Select(p => (double?)p[r])]), [0.5, null, 0.5], [0.2, 0.3, 0.5]]);
            ColumnView labels = views.Texts([classes[0], .. rows.Select(r => classes[(int)sample.Labels[r]]), classes[1], null]), weights = views.Doubles([1, .. rows.Select(r => (double?)sample.Weights[r]), 1, 1]);
            evaluation.Append(lists, labels, weights, 0, 10);
            evaluation.Append(lists, labels, weights, 10, lists.Length - 10);
        }
        Assert.That(evaluation.Finish(), Is.EqualTo(Compute(sample.Probabilities, sample.Labels, sample.Weights)));
        Assert.That((evaluation.Rows, evaluation.RowsLeftOut), Is.EqualTo((200L, 21L)));
    }

    [Test]
    public void Numbers_are_found_among_the_classes_by_value()
    {
        using TrainingViews views = new();
        Evaluation evaluation = new(ModelTask.Classification, new(ClassKind.Real, ["-1.5", "0", "0.1", "10"]), 0.5);
        evaluation.Append(views.Lists([[1, 0, 0, 0], [0, 1, 0, 0]]), views.Doubles([-1.5, -0.0]), null);
        evaluation.Append(views.Lists([[0, 0, 1, 0], [0, 0, 0, 1]]), views.Fixed(new FloatType(32), [0.1f, 10f]), null);
        Assert.That(evaluation.Finish().Single(m => m.Name == "accuracy").Value, Is.EqualTo(1));
        Assert.That(() => evaluation.Append(views.Lists([[1, 0, 0, 0]]), views.Doubles([3]), null), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS3019"));
        Assert.That(() => evaluation.Append(views.Lists([[1, 0, double.PositiveInfinity, 0]]), views.Doubles([10]), null), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS3021"));
    }

    private static ImmutableArray<Metric> Compute(double[][] probabilities, double[] labels, double[] weights, int threads = 1)
    {
        using BlockCrew crew = new(threads);
        return MulticlassMetrics.Of(Array.ConvertAll(probabilities, p => (ReadOnlyMemory<double>)p), labels, weights, crew, default);
    }

    private static double?[] Values(ImmutableArray<Metric> metrics) => [.. metrics.Select(m => m.Value)];

    private static double[][] ByClass(double[][] byRow) => [.. Enumerable.Range(0, byRow[0].Length).Select(c => byRow.Select(row => row[c]).ToArray())];

    /// <summary>Rows of Knuth's 64-bit linear congruential generator: sixteenths that share a sum, so that probabilities tie, labels that lean to the largest, and weights in quarters from 0 to 1¾.</summary>
    private sealed record Sample(double[][] Probabilities, double[] Labels, double[] Weights)
    {
        public static Sample Of(ulong seed, int rows, int classes)
        {
            Sample sample = new([.. Enumerable.Range(0, classes).Select(_ => new double[rows])], new double[rows], new double[rows]);
            ulong state = seed;
            for (int row = 0; row < rows; row++)
            {
                int[] parts = [.. Enumerable.Range(0, classes).Select(_ => (int)(Next(ref state) >> 60) + 1)];
                for (int c = 0; c < classes; c++) sample.Probabilities[c][row] = (double)parts[c] / parts.Sum();
                sample.Labels[row] = Next(ref state) >> 62 == 0 ? Array.IndexOf(parts, parts.Max()) : (int)((Next(ref state) >> 33) % (ulong)classes);
                sample.Weights[row] = (Next(ref state) >> 61) / 4.0;
            }
            return sample;
        }

        public double[][] At(int[] rows) => Array.ConvertAll(Probabilities, p => rows.Select(r => p[r]).ToArray());

        private static ulong Next(ref ulong state) => state = unchecked(state * 6364136223846793005 + 1442695040888963407);
    }
}
