using System.Globalization;
using System.Text.Json;

namespace MlSql.SpecTests;

/// <summary>
/// Boosted trees against LightGBM, XGBoost and scikit-learn on the data of the reference, trained and measured through SQL. Its rule: a test metric lies within the spread of the three tools, widened by three standard
/// deviations of their seeds; of seeded runs the mean of three seeds counts; and nothing is worse than the constant answer.
/// </summary>
internal sealed class BoostingReferenceTests
{
    private const double Deviations = 3;

    private TemporaryFolder _folder = null!;
    private MlSqlSession _session = null!;

    private static readonly string[] Tools = ["lightgbm", "xgboost", "sklearn_hist"];

    [OneTimeSetUp]
    public async Task Open()
    {
        _folder = new TemporaryFolder();
        _session = await MlSqlSession.OpenAsync(new() { Models = _folder.At("models") });
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    [TestCaseSource(typeof(ReferenceFit), nameof(ReferenceFit.Boosting))]
    public async Task Without_sampling_the_metrics_lie_within_the_spread_of_the_tools(ReferenceFit fit)
    {
        using var reference = Reference("gradient_boosting.json");
        JsonElement results = fit.ResultsOf(reference.RootElement);
        Judge(results, "no_sampling", await fit.TestMetricsAsync(_session));
    }

    [TestCaseSource(typeof(ReferenceFit), nameof(ReferenceFit.Boosting))]
    public async Task With_sampling_the_mean_of_three_seeds_lies_within_the_spread_of_the_tools(ReferenceFit fit)
    {
        using var reference = Reference("gradient_boosting.json");
        JsonElement results = fit.ResultsOf(reference.RootElement);
        List<Dictionary<string, double>> runs = [];
        ReferenceFit sampled = fit with { Options = fit.Options + ", subsample = 0.8, colsample_bytree = 0.8" };
        for (int seed = 1; seed <= 3; seed++) runs.Add(await sampled.TestMetricsAsync(_session, seed));
        Judge(results, "5_seeds", runs[0].Keys.ToDictionary(metric => metric, metric => runs.Average(run => run[metric])));
    }

    [Test]
    public void Every_data_set_of_the_reference_is_judged()
    {
        using var reference = Reference("gradient_boosting.json");
        string[] all = [.. reference.RootElement.GetProperty("results").EnumerateObject().Select(set => set.Name.Split(' ')[0])];
        Assert.That(ReferenceFit.Boosting.Select(fit => fit.Data), Is.EquivalentTo(all));
    }

    // The largest of the tools' deviations over their seeds counts, as the tool that is the extreme need not be the one whose seeds vary.
    private static void Judge(JsonElement results, string runs, Dictionary<string, double> ours)
    {
        JsonElement constant = results.GetProperty("constant_baseline");
        Assert.Multiple(() =>
        {
            foreach (var (metric, value) in ours)
            {
                double[] theirs = [.. Tools.Select(tool => results.GetProperty($"{tool}_{runs}").GetProperty("test").GetProperty(metric)).Select(figure => figure.ValueKind == JsonValueKind.Number ? figure.GetDouble() : figure.GetProperty("mean").GetDouble())];
                double wider = Deviations * Tools.Max(tool => results.GetProperty($"{tool}_5_seeds").GetProperty("test").GetProperty(metric).GetProperty("sd").GetDouble());
                TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{metric}: {value:0.#####} in [{theirs.Min() - wider:0.#####}, {theirs.Max() + wider:0.#####}], tools {theirs.Min():0.#####} to {theirs.Max():0.#####}"));
                Assert.That(value, Is.InRange(theirs.Min() - wider, theirs.Max() + wider), metric);
                bool higherIsBetter = theirs.Min() > constant.GetProperty(metric).GetDouble();
                // Of two-class recall the constant answer, always the more frequent class, may be the best.
                if (metric is not "recall") Assert.That(higherIsBetter ? value - constant.GetProperty(metric).GetDouble() : constant.GetProperty(metric).GetDouble() - value, Is.Positive, metric + " against the constant answer");
            }
        });
    }

    private static JsonDocument Reference(string file) => JsonDocument.Parse(File.ReadAllText(TestData.Shared("fixtures", "training-reference", file)));
}
