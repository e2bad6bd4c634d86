using System.Collections.Immutable;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Featurizers;
using MlSql.Models.Store;

namespace MlSql.UnitTests.Models;

/// <summary>Small models and details for the store's tests.</summary>
internal static class SampleModels
{
    /// <summary>A model whose bytes depend on <paramref name="intercept"/>.</summary>
    public static Model Linear(double intercept) => new(
        new([new("amount", new NumberFeature()), new("city", new TextFeature())], "churned", ModelTask.Classification, new(ClassKind.Boolean, ["false", "true"])),
        [new NumericFeaturizer(0, [], 1.5, 2), new OneHotFeaturizer(1, [], ["Berlin", "Zürich"], true)],
        new LinearStructure([0.25, -1, 2, 0], intercept, Link.Logistic));

    public static VersionDetails Details { get; } = new()
    {
        Estimator = "logistic_regression",
        Options = new OptionValues(ImmutableSortedDictionary<string, string>.Empty.Add("l2_reg", "0.5").Add("max_iterations", "100")),
        Seed = -7,
        Statement = "TRAIN churn USING logistic_regression LABEL churned AS SELECT 'ä\n\"' FROM t",
        LabelType = "BOOLEAN",
        Rows = new(1000, 200, 50, 3),
        DataFingerprint = new string('a', 64),
        Label = "churned",
        Features = [new("age", 18, 90.5, 41.25, 40, 12.5, null, 3, null), new("plan", null, null, null, null, null, 4, 0, null)],
        Metrics = [new("train", "log_loss", 0.25), new("eval", "auc", null), new("test", "auc", double.NaN)],
        Iterations = [new(1, 0.7, 0.8, 1.5), new(2, 0.6, null, double.PositiveInfinity)],
        Stopping = new(1, true),
        Warnings = [new("MLS3001", "One class is rare.")],
        Engine = "duckdb",
        EngineVersion = "1.4",
        MlSqlVersion = "0.1.0",
        Duration = TimeSpan.FromMilliseconds(1234.5678),
        Comment = "first try",
    };
}
