using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Training.Metrics;
using MlSql.UnitTests.Training.Memory;

namespace MlSql.UnitTests.Training;

/// <summary>Metric values against the references, against their definitions, and where they are not defined.</summary>
internal sealed class MetricsTests
{
    private static readonly ClassLabels ZeroOne = new(ClassKind.Integer, ["0", "1"]);

    [Test]
    public void Binary_metrics_are_those_of_the_reference()
    {
        JsonElement expected = Case("binary_with_ties");
        CsvTable csv = File("binary_with_ties.csv");
        Dictionary<string, double?> plain = Binary(csv.Doubles("score"), csv.Doubles("label"), null), weighted = Binary(csv.Doubles("score"), csv.Doubles("label"), csv.Doubles("weight"));
        AssertEqual(plain, expected, ("roc_auc", "auc"), ("log_loss", "logloss"), ("accuracy", "accuracy"), ("precision", "precision"), ("recall", "recall"), ("f1_score", "f1"));
        AssertEqual(weighted, expected, ("roc_auc", "weighted_auc"), ("log_loss", "weighted_logloss"), ("accuracy", "weighted_accuracy"));
    }

    [Test]
    public void Regression_metrics_are_those_of_the_reference()
    {
        JsonElement expected = Case("regression");
        CsvTable csv = File("regression.csv");
        Dictionary<string, double?> plain = Regression(csv.Doubles("prediction"), csv.Doubles("target"), null), weighted = Regression(csv.Doubles("prediction"), csv.Doubles("target"), csv.Doubles("weight"));
        AssertEqual(plain, expected, ("mean_absolute_error", "mae"), ("mean_squared_error", "mse"), ("median_absolute_error", "median_absolute_error"), ("r2_score", "r2"), ("explained_variance", "explained_variance"));
        Assert.That(Math.Sqrt(plain["mean_squared_log_error"]!.Value), Is.EqualTo(expected.GetProperty("rmsle").GetDouble()).Within(1e-12));
        double rmse = expected.GetProperty("weighted_rmse").GetDouble();
        Assert.That(Math.Sqrt(weighted["mean_squared_error"]!.Value), Is.EqualTo(rmse).Within(1e-12 * rmse));
    }

    [Test]
    public void Edge_cases_are_those_of_the_reference()
    {
        Assert.That(Binary([0.3, 0.3, 0.3], [0, 1, 1], null)["roc_auc"], Is.EqualTo(0.5), "all scores equal");
        Assert.That(Binary([0.1, 0.2, 0.9], [0, 0, 1], null)["roc_auc"], Is.EqualTo(1.0), "perfect");
        Assert.That(Binary([0.9, 0.8, 0.1], [0, 0, 1], null)["roc_auc"], Is.EqualTo(0.0), "reversed");
        Assert.That(Binary([0.9, 0.8], [1, 1], null)["roc_auc"], Is.Null, "one class");
        double clipped = Case("edge_cases").GetProperty("logloss_with_p_0_for_a_positive_clipped_1e-15").GetDouble();
        Assert.That(Binary([0], [1], null)["log_loss"], Is.EqualTo(clipped).Within(1e-12 * clipped));
        Assert.That(Regression([1, 2], [3, 3], null)["r2_score"], Is.Null, "constant target");
    }

    [Test]
    public void What_divides_by_nothing_is_null()
    {
        Assert.That(Binary([], [], null).Values, Is.All.Null);
        Assert.That(Regression([], [], null).Values, Is.All.Null);
        Dictionary<string, double?> noneSaid = Binary([0.1, 0.2], [0, 1], null);
        Assert.That(noneSaid["precision"], Is.Null);
        Assert.That(noneSaid["recall"], Is.Zero);
        Assert.That(Regression([-2, 1], [1, 1], null)["mean_squared_log_error"], Is.Null);
        Assert.That(Binary([0.4, 0.9], [0, 1], [0, 0]).Values, Is.All.Null);
    }

    [Test]
    public void A_probability_at_the_threshold_says_the_positive_class()
    {
        Assert.That(Binary([0.5, 0.4], [1, 0], null)["recall"], Is.EqualTo(1));
        Assert.That(Binary([0.5, 0.4], [1, 0], null, 0.51)["recall"], Is.Zero);
    }

    [Test]
    public void Binary_metrics_equal_their_definitions() => Prop.ForAll(Rows(), rows =>
    {
        double[] p = [.. rows.Select(r => r.P)], y = [.. rows.Select(r => r.Y)], w = [.. rows.Select(r => r.W)];
        Dictionary<string, double?> ours = Binary([.. p.Select(v => (double?)v)], [.. y.Select(v => (double?)v)], [.. w.Select(v => (double?)v)]);
        double all = w.Sum(), tp = Sum(rows, r => r.Y == 1 && r.P >= 0.5), fp = Sum(rows, r => r.Y == 0 && r.P >= 0.5), fn = Sum(rows, r => r.Y == 1 && r.P < 0.5);
        double pairs = 0, right = 0;
        foreach (var a in rows.Where(r => r.Y == 1))
            foreach (var b in rows.Where(r => r.Y == 0))
            {
                pairs += a.W * b.W;
                right += a.W * b.W * (a.P > b.P ? 1 : a.P == b.P ? 0.5 : 0);
            }
        double loss = rows.Sum(r => -r.W * Math.Log(Math.Clamp(r.Y == 1 ? r.P : 1 - r.P, 1e-15, 1 - 1e-15)));
        AssertClose(ours["precision"], tp, tp + fp);
        AssertClose(ours["recall"], tp, tp + fn);
        AssertClose(ours["accuracy"], all - fp - fn, all);
        AssertClose(ours["f1_score"], 2 * tp, 2 * tp + fp + fn);
        AssertClose(ours["log_loss"], loss, all);
        AssertClose(ours["roc_auc"], right, pairs);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Regression_metrics_equal_their_definitions() => Prop.ForAll(Rows(), rows =>
    {
        var data = rows.Select(r => (Y: 10 * r.P + r.Y, F: 7 * r.P * r.P + 1, r.W)).ToArray();
        Dictionary<string, double?> ours = Regression([.. data.Select(r => (double?)r.F)], [.. data.Select(r => (double?)r.Y)], [.. data.Select(r => (double?)r.W)]);
        double all = data.Sum(r => r.W), mean = data.Sum(r => r.W * r.Y) / all, errorMean = data.Sum(r => r.W * (r.Y - r.F)) / all;
        double spread = data.Sum(r => r.W * Math.Pow(r.Y - mean, 2)), squares = data.Sum(r => r.W * Math.Pow(r.Y - r.F, 2));
        AssertClose(ours["mean_absolute_error"], data.Sum(r => r.W * Math.Abs(r.Y - r.F)), all);
        AssertClose(ours["mean_squared_error"], squares, all);
        AssertClose(ours["mean_squared_log_error"], data.Sum(r => r.W * Math.Pow(Math.Log(1 + r.Y) - Math.Log(1 + r.F), 2)), all);
        double[] repeated = [.. data.SelectMany(r => Enumerable.Repeat(Math.Abs(r.Y - r.F), (int)r.W)).Order()];
        if (repeated.Length > 0) AssertClose(ours["median_absolute_error"], repeated[(repeated.Length - 1) / 2] + repeated[repeated.Length / 2], 2);
        if (data.Where(r => r.W > 0).Select(r => r.Y).Distinct().Count() < 2)
        {
            Assert.That(ours["r2_score"], Is.Null);
            return;
        }
        Assert.That(ours["r2_score"], Is.EqualTo(1 - squares / spread).Within(1e-9 * Math.Max(1, squares / spread)));
        double errorSpread = data.Sum(r => r.W * Math.Pow(r.Y - r.F - errorMean, 2));
        Assert.That(ours["explained_variance"], Is.EqualTo(1 - errorSpread / spread).Within(1e-9 * Math.Max(1, errorSpread / spread)));
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Batches_do_not_change_the_metrics()
    {
        CsvTable csv = File("binary_with_ties.csv");
        double?[] scores = csv.Doubles("score"), labels = csv.Doubles("label"), weights = csv.Doubles("weight");
        Evaluation whole = new(ModelTask.Classification, ZeroOne, 0.5), cut = new(ModelTask.Classification, ZeroOne, 0.5);
        using TrainingViews views = new();
        whole.Append(views.Doubles(scores), views.Doubles(labels), views.Doubles(weights));
        for (int i = 0; i < scores.Length; i += 7)
        {
            int to = Math.Min(scores.Length, i + 7);
            cut.Append(views.Doubles(scores[i..to]), views.Doubles(labels[i..to]), views.Doubles(weights[i..to]));
        }
        Assert.That(cut.Finish(), Is.EqualTo(whole.Finish()));
        Assert.That(cut.Rows, Is.EqualTo(scores.Length));
    }

    [Test]
    public void Rows_without_a_label_are_left_out_and_counted()
    {
        using TrainingViews views = new();
        Evaluation evaluation = new(ModelTask.Classification, new(ClassKind.Text, ["no", "yes"]), 0.5);
        evaluation.Append(views.Doubles([0.9, 0.1, 0.2]), views.Texts(["yes", null, "no"]), null);
        Assert.That((evaluation.Rows, evaluation.RowsLeftOut), Is.EqualTo((2L, 1L)));
        Assert.That(evaluation.Finish().Single(m => m.Name == "accuracy").Value, Is.EqualTo(1));
    }

    [Test]
    public void A_label_of_no_class_and_one_of_another_kind_are_errors()
    {
        using TrainingViews views = new();
        Evaluation evaluation = new(ModelTask.Classification, new(ClassKind.Text, ["no", "yes"]), 0.5);
        Assert.That(() => evaluation.Append(views.Doubles([0.9]), views.Texts(["perhaps"]), null), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS3019").And.Message.Contains("perhaps"));
        Assert.That(() => evaluation.Append(views.Doubles([0.9]), views.Doubles([1]), null), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS3020"));
        Assert.That(() => evaluation.Append(views.Doubles([0.9]), views.Texts(["no"]), views.Doubles([-1])), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS3015"));
    }

    private static Arbitrary<(double P, double Y, double W)[]> Rows() => (
        from p in Gen.Choose(0, 10)
        from y in Gen.Choose(0, 1)
        from w in Gen.Choose(0, 3)
        select (p / 10.0, (double)y, (double)w)).ArrayOf().ToArbitrary();

    private static double Sum((double P, double Y, double W)[] rows, Func<(double P, double Y, double W), bool> test) => rows.Where(test).Sum(r => r.W);

    private static void AssertClose(double? actual, double part, double whole)
    {
        if (whole == 0) Assert.That(actual, Is.Null);
        else Assert.That(actual, Is.EqualTo(part / whole).Within(1e-12 * Math.Max(1, Math.Abs(part / whole))));
    }

    private static Dictionary<string, double?> Binary(double?[] scores, double?[] labels, double?[]? weights, double threshold = 0.5) =>
        Finish(new(ModelTask.Classification, ZeroOne, threshold), scores, labels, weights);

    private static Dictionary<string, double?> Regression(double?[] predictions, double?[] labels, double?[]? weights) => Finish(new(ModelTask.Regression, null, 0), predictions, labels, weights);

    private static Dictionary<string, double?> Finish(Evaluation evaluation, double?[] predictions, double?[] labels, double?[]? weights)
    {
        using TrainingViews views = new();
        evaluation.Append(views.Doubles(predictions), views.Doubles(labels), weights is null ? null : views.Doubles(weights));
        ImmutableArray<Metric> metrics = evaluation.Finish();
        return metrics.ToDictionary(m => m.Name, m => m.Value);
    }

    private static void AssertEqual(Dictionary<string, double?> actual, JsonElement expected, params (string Ours, string Theirs)[] names)
    {
        foreach ((string ours, string theirs) in names)
        {
            double value = expected.GetProperty(theirs).GetDouble();
            Assert.That(actual[ours], Is.EqualTo(value).Within(1e-12 * Math.Abs(value)), string.Create(CultureInfo.InvariantCulture, $"{ours} = {theirs}"));
        }
    }

    private static JsonElement Case(string name) =>
        JsonDocument.Parse(System.IO.File.ReadAllText(TestData.Shared("fixtures", "training-reference", "metrics.json"))).RootElement.GetProperty("cases").GetProperty(name);

    private static CsvTable File(string name) => new(TestData.Shared("fixtures", "training-reference", "metrics", name));
}
