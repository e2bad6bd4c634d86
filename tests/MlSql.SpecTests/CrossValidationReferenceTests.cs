using System.Globalization;
using System.Text.Json;

namespace MlSql.SpecTests;

/// <summary>The 5-fold figures of the reference, fold by fold through SQL: SPLIT BY holds back one fold at a time, as SPLIT KFOLD is not carried out.</summary>
internal sealed class CrossValidationReferenceTests
{
    private const int Folds = 5;

    private TemporaryFolder _folder = null!;
    private MlSqlSession _session = null!;

    private static IEnumerable<string> Boosting => ReferenceFit.BoostingInFolds.Keys;

    private static IEnumerable<string> Logistic => ReferenceFit.LogisticInFolds.Keys;

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

    // The folds are the same rows for both, so that the deviation of a mean over them bounds the difference of the means: three of it, where the deviation of one fold would forgive everything.
    [TestCaseSource(nameof(Boosting))]
    public async Task The_mean_over_the_folds_lies_within_three_deviations_of_the_mean(string entry)
    {
        using var reference = Reference();
        JsonElement summary = reference.RootElement.GetProperty(entry).GetProperty("summary");
        List<Dictionary<string, double>> folds = [];
        for (int fold = 0; fold < Folds; fold++) folds.Add(await ReferenceFit.BoostingInFolds[entry].FoldMetricsAsync(_session, fold));
        Assert.Multiple(() =>
        {
            foreach (string metric in folds[0].Keys)
            {
                double ours = folds.Average(f => f[metric]), theirs = summary.GetProperty(metric).GetProperty("mean").GetDouble();
                double allowed = 3 * summary.GetProperty(metric).GetProperty("sd").GetDouble() / Math.Sqrt(Folds);
                TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{metric}: {ours:0.#####}, theirs {theirs:0.#####} ± {allowed:0.#####}"));
                Assert.That(ours, Is.EqualTo(theirs).Within(allowed), metric);
            }
        });
    }

    // One optimum: every fold agrees, at the tolerances of the logistic reference.
    [TestCaseSource(nameof(Logistic))]
    public async Task A_convex_fit_has_the_metrics_of_every_fold(string entry)
    {
        using var reference = Reference();
        ReferenceFit fit = ReferenceFit.LogisticInFolds[entry];
        for (int fold = 0; fold < Folds; fold++)
        {
            JsonElement expected = reference.RootElement.GetProperty(entry).GetProperty("folds")[fold];
            string penalty = (1.0 / await fit.RowsBesideAsync(_session, fold)).ToString("R", CultureInfo.InvariantCulture);
            var ours = await (fit with { Options = "l2_reg = " + penalty }).FoldMetricsAsync(_session, fold);
            Assert.Multiple(() =>
            {
                foreach (var (metric, value) in ours)
                    Assert.That(value, Is.EqualTo(expected.GetProperty(metric).GetDouble()).Within(metric switch { "auc" => 1e-9, "logloss" => 1e-6, _ => 1e-12 }), $"{metric} of fold {fold}");
            });
        }
    }

    [Test]
    public void Every_entry_of_the_reference_is_judged()
    {
        using var reference = Reference();
        Assert.That(Boosting.Concat(Logistic), Is.EquivalentTo(reference.RootElement.EnumerateObject().Where(e => e.Value.ValueKind == JsonValueKind.Object).Select(e => e.Name)));
    }

    private static JsonDocument Reference() => JsonDocument.Parse(File.ReadAllText(TestData.Shared("fixtures", "training-reference", "cross_validation.json")));
}
