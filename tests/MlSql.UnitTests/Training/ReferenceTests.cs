using System.Globalization;
using System.Text.Json;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Training;

namespace MlSql.UnitTests.Training;

/// <summary>Our fits against the reference solutions of the shared fixtures, at the tolerances that they state.</summary>
internal sealed class ReferenceTests
{
    [TestCase("diabetes")]
    [TestCase("california_housing")]
    [TestCase("taxi_fare")]
    public void Least_squares_gives_the_reference_coefficients(string dataset)
    {
        JsonElement fit = Fits("linear_regression.json").First(f => Text(f, "dataset").StartsWith(dataset, StringComparison.Ordinal));
        CsvTable csv = Data(dataset, Strings(fit, "features"));
        TrainingResult result = Table(csv, Strings(fit, "features"), (Text(fit, "target"), csv.Doubles(Text(fit, "target")))).Train("linear_regression");

        LinearStructure structure = (LinearStructure)result.Model.Structure;
        double[] expected = Numbers(fit, "coef");
        double intercept = structure.Intercept;
        for (int i = 0; i < expected.Length; i++)
        {
            NumericFeaturizer scaling = (NumericFeaturizer)result.Model.Featurizers[i];
            double raw = structure.Weights[i] / scaling.Scale;
            intercept -= raw * scaling.Mean;
            Assert.That(raw, Is.EqualTo(expected[i]).Within(1e-8 * Math.Abs(expected[i])), Strings(fit, "features")[i]);
        }
        Assert.That(intercept, Is.EqualTo(fit.GetProperty("intercept").GetDouble()).Within(1e-8 * Math.Abs(intercept)));
        AssertMetric(result, "train", "mean_absolute_error", fit.GetProperty("train").GetProperty("mae").GetDouble(), 1e-9);
        AssertMetric(result, "train", "r2_score", fit.GetProperty("train").GetProperty("r2").GetDouble(), 1e-9);
        AssertMetric(result, "test", "mean_absolute_error", fit.GetProperty("test").GetProperty("mae").GetDouble(), 1e-9);
        AssertMetric(result, "test", "r2_score", fit.GetProperty("test").GetProperty("r2").GetDouble(), 1e-9);
    }

    [TestCase("diabetes")]
    [TestCase("wine_quality")]
    public void Ridge_gives_the_reference_coefficients(string dataset)
    {
        JsonElement[] fits = [.. Fits("ridge_lasso_elastic_net.json").Where(f => Text(f, "dataset") == dataset && Text(f, "kind") == "ridge")];
        Assert.That(fits, Has.Length.EqualTo(3));
        string target = dataset == "diabetes" ? "progression" : "quality";
        foreach (JsonElement fit in fits)
        {
            CsvTable csv = Data(dataset, []);
            double alpha = fit.GetProperty("alpha").GetDouble();
            TrainingTable table = Table(csv, Strings(fit, "features"), (target, csv.Doubles(target)));
            TrainingResult result = table.Train("linear_regression", ("l2_reg", fit.GetProperty("lambda_for_mean_form").GetDouble().ToString("R", CultureInfo.InvariantCulture)));
            AssertStandardised(result, fit);
            double[] expected = Numbers(fit, "coef");
            LinearStructure structure = (LinearStructure)result.Model.Structure;
            for (int i = 0; i < expected.Length; i++) Assert.That(structure.Weights[i], Is.EqualTo(expected[i]).Within(1e-8 * Math.Abs(expected[i])), $"alpha {alpha}, feature {i}");
            Assert.That(structure.Intercept, Is.EqualTo(fit.GetProperty("intercept").GetDouble()).Within(1e-8 * Math.Abs(structure.Intercept)));
            double objective = fit.GetProperty("objective").GetDouble() / (2 * result.Rows.Train);
            Assert.That(result.Iterations.Single().Loss, Is.EqualTo(objective).Within(1e-9 * objective));
        }
    }

    [TestCase("breast_cancer", 3)]
    [TestCase("higgs_7k", 2)]
    public void Logistic_regression_gives_the_reference_coefficients(string dataset, int entries)
    {
        JsonElement[] fits = [.. Fits("logistic_regression.json").Where(f => Text(f, "dataset") == dataset)];
        Assert.That(fits, Has.Length.EqualTo(entries));
        string label = dataset == "breast_cancer" ? "malignant" : "label";
        foreach (JsonElement fit in fits)
        {
            CsvTable csv = Data(dataset, []);
            TrainingTable table = Table(csv, Strings(fit, "features"), (label, csv.Booleans(label)));
            if (dataset == "higgs_7k") table = table with { Features = [.. table.Features.Select(f => (f.Name, (Array)Singles((double?[])f.Values)))] };
            TrainingResult result = table.Train("logistic_regression", ("l2_reg", fit.GetProperty("lambda_for_mean_form").GetDouble().ToString("R", CultureInfo.InvariantCulture)));
            AssertStandardised(result, fit);
            AssertLogistic(result, fit, 1e-6);
        }
    }

    internal static void AssertLogistic(TrainingResult result, JsonElement fit, double tolerance)
    {
        double[] expected = Numbers(fit, "coef");
        LinearStructure structure = (LinearStructure)result.Model.Structure;
        Assert.That(structure.Weights, Has.Length.EqualTo(expected.Length));
        for (int i = 0; i < expected.Length; i++) Assert.That(structure.Weights[i], Is.EqualTo(expected[i]).Within(tolerance), $"C {fit.GetProperty("C")}, column {i}");
        Assert.That(structure.Intercept, Is.EqualTo(fit.GetProperty("intercept").GetDouble()).Within(tolerance));
        double objective = fit.GetProperty("objective_mean_logloss_plus_half_lambda_w2").GetDouble();
        Assert.That(result.Iterations[^1].Loss, Is.EqualTo(objective).Within(1e-10 * objective));
        foreach (string split in (string[])["train", "test"])
        {
            JsonElement metrics = fit.GetProperty(split);
            AssertMetric(result, split, "roc_auc", metrics.GetProperty("auc").GetDouble(), 1e-9);
            AssertMetric(result, split, "log_loss", metrics.GetProperty("logloss").GetDouble(), 1e-6);
            AssertMetric(result, split, "accuracy", metrics.GetProperty("accuracy").GetDouble(), 1e-12);
            AssertMetric(result, split, "precision", metrics.GetProperty("precision").GetDouble(), 1e-12);
            AssertMetric(result, split, "recall", metrics.GetProperty("recall").GetDouble(), 1e-12);
            AssertMetric(result, split, "f1_score", metrics.GetProperty("f1").GetDouble(), 1e-12);
        }
    }

    internal static JsonElement[] Fits(string file) => [.. JsonDocument.Parse(File.ReadAllText(TestData.Shared("fixtures", "training-reference", file))).RootElement.GetProperty("fits").EnumerateArray()];

    // The columns of higgs_7k are FLOAT; the references saw them so.
    private static float[] Singles(double?[] values) => Array.ConvertAll(values, v => (float)v!);

    private static string Text(JsonElement e, string name) => e.GetProperty(name).GetString()!;

    private static string[] Strings(JsonElement e, string name) => [.. e.GetProperty(name).EnumerateArray().Select(v => v.GetString()!)];

    private static double[] Numbers(JsonElement e, string name) => [.. e.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    // Rows with a NULL among the columns are left out, as the references did.
    private static CsvTable Data(string dataset, string[] notNull)
    {
        CsvTable csv = new(TestData.Shared("fixtures", "data", dataset, dataset + ".csv"));
        csv.Keep(row => notNull.All(name => row(name) is not null));
        return csv;
    }

    private static TrainingTable Table(CsvTable csv, string[] features, (string, Array) label) =>
        new([.. features.Select(f => (f, (Array)csv.Doubles(f)))], label) { SplitColumn = csv.Texts("split") };

    private static void AssertStandardised(TrainingResult result, JsonElement fit)
    {
        double[] means = Numbers(fit, "means"), deviations = Numbers(fit, "sds");
        for (int i = 0; i < means.Length; i++)
        {
            NumericFeaturizer scaling = (NumericFeaturizer)result.Model.Featurizers[i];
            Assert.That(scaling.Mean, Is.EqualTo(means[i]).Within(1e-12 * Math.Max(1, Math.Abs(means[i]))));
            Assert.That(scaling.Scale, Is.EqualTo(deviations[i]).Within(1e-12 * deviations[i]));
        }
    }

    private static void AssertMetric(TrainingResult result, string split, string name, double expected, double tolerance)
    {
        double? actual = result.Metrics.Single(m => m.Split == split && m.Metric == name).Value;
        Assert.That(actual, Is.EqualTo(expected).Within(tolerance * Math.Max(1, Math.Abs(expected))), $"{split} {name}");
    }
}
