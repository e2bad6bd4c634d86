using System.Globalization;
using System.Text.Json;
using MlSql.Columnar;

namespace MlSql.SpecTests;

/// <summary>Logistic regression with text features against the reference: the whole path from Parquet to ML.WEIGHTS.</summary>
internal sealed class ReferenceTests
{
    // The tolerances that the reference states for this entry.
    private const double CoefficientTolerance = 1e-5;
    private const double ObjectiveTolerance = 1e-10;

    [Test]
    public async Task Logistic_regression_on_adult_is_the_reference()
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(TestData.Shared("fixtures", "training-reference", "logistic_regression.json")));
        var entry = reference.RootElement.GetProperty("fits").EnumerateArray().Single(f => f.GetProperty("dataset").GetString() == "adult");
        string[] names = [.. entry.GetProperty("features").EnumerateArray().Select(f => f.GetString()!)];
        double[] expected = [.. entry.GetProperty("coef").EnumerateArray().Select(c => c.GetDouble())];
        double lambda = entry.GetProperty("lambda_for_mean_form").GetDouble();

        using var folder = new TemporaryFolder();
        await using var session = await MlSqlSession.OpenAsync(new() { Models = Path.Combine(folder.Path, "models") });
        string[] columns = [.. names.Select(n => n.Split('=')[0]).Distinct()];
        await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            TRAIN adult USING logistic_regression (l2_reg = {lambda:R}) LABEL income_gt_50k AS
            SELECT {string.Join(", ", columns)}, income_gt_50k FROM '{TestData.Shared("fixtures", "data", "adult", "adult.parquet")}' WHERE split = 'train'
            """));
        var weights = await ReadAsync(session, """
            SELECT processed_input AS name, weight FROM ML.WEIGHTS(MODEL adult, STRUCT(true AS standardize)) WHERE category_weights IS NULL
            UNION ALL
            SELECT processed_input || '=' || coalesce(c.category, ''), c.weight
            FROM (SELECT processed_input, unnest(category_weights) AS c FROM ML.WEIGHTS(MODEL adult, STRUCT(true AS standardize)) WHERE category_weights IS NOT NULL)
            """);
        Assert.That(weights, Has.Count.EqualTo(names.Length + 1));
        for (int i = 0; i < names.Length; i++) Assert.That(weights[names[i]], Is.EqualTo(expected[i]).Within(CoefficientTolerance), names[i]);
        Assert.That(weights["__INTERCEPT__"], Is.EqualTo(entry.GetProperty("intercept").GetDouble()).Within(CoefficientTolerance));

        var metrics = await ReadAsync(session, "SELECT metric AS name, value AS weight FROM mlsql.metrics WHERE model = 'adult' AND split = 'train'");
        double objective = metrics["log_loss"] + lambda / 2 * names.Sum(n => weights[n] * weights[n]);
        double best = entry.GetProperty("objective_mean_logloss_plus_half_lambda_w2").GetDouble();
        Assert.That(objective, Is.EqualTo(best).Within(best * ObjectiveTolerance));
    }

    private static async Task<Dictionary<string, double>> ReadAsync(MlSqlSession session, string query)
    {
        var values = new Dictionary<string, double>();
        await using var result = await session.QueryAsync(query);
        await foreach (RecordBatch batch in result.ReadAsync())
        {
            var names = (TextColumn)batch.Column("name");
            for (int row = 0; row < batch.Rows; row++) values.Add(names.Text(row)!, batch.Column<double>("weight")[row]);
        }
        return values;
    }
}
