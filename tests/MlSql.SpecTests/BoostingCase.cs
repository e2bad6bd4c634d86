using System.Globalization;
using System.Text.Json;
using MlSql.Columnar;

namespace MlSql.SpecTests;

/// <summary>A data set of the boosting reference: what is trained on it, as the reference says it, and how our metrics are called there.</summary>
internal sealed record BoostingCase(string Name, string Estimator, string Label, string Features, int Trees)
{
    // Ours, and the reference's.
    private static readonly (string Ours, string Theirs)[] Binary = [("roc_auc", "auc"), ("log_loss", "logloss"), ("accuracy", "accuracy"), ("precision", "precision"), ("recall", "recall"), ("f1_score", "f1")];
    private static readonly (string Ours, string Theirs)[] Multiclass = [("accuracy", "accuracy"), ("log_loss", "logloss"), ("f1_score", "macro_f1")];
    private static readonly (string Ours, string Theirs)[] Regression = [("mean_squared_error", "rmse"), ("mean_absolute_error", "mae"), ("r2_score", "r2")];

    public static BoostingCase[] All { get; } =
    [
        new("higgs_7k", "boosted_tree_classifier", "label", "f*", 100),
        new("adult", "boosted_tree_classifier", "income_gt_50k", "*", 100),
        new("california_housing", "boosted_tree_regressor", "median_house_value", "longitude, latitude, housing_median_age, total_rooms, total_bedrooms, population, households, median_income", 100),
        new("bike_sharing", "boosted_tree_regressor", "rentals", "hour, temp, humidity, windspeed, weekday, season, weather", 100),
        new("digits", "boosted_tree_classifier", "digit", "*", 50),
    ];

    public JsonElement ResultsOf(JsonElement reference) => reference.GetProperty("results").EnumerateObject().Single(set => set.Name.Split(' ')[0] == Name).Value;

    /// <summary>Trains on the train rows and gives the metrics of the test rows, by the reference's names; a mean squared error becomes its root.</summary>
    public Task<Dictionary<string, double>> TestMetricsAsync(MlSqlSession session, string options, int seed) => MetricsAsync(session, options, seed, "split", "test");

    /// <summary>The same with one fold held back.</summary>
    public Task<Dictionary<string, double>> FoldMetricsAsync(MlSqlSession session, int fold) => MetricsAsync(session, "", 0, string.Create(CultureInfo.InvariantCulture, $"fold = {fold}"), "eval");

    public override string ToString() => Name;

    private async Task<Dictionary<string, double>> MetricsAsync(MlSqlSession session, string options, int seed, string split, string rows)
    {
        string columns = Features == "*" ? "* EXCLUDE (row_id)" : string.Join(", ", Features == "f*" ? Enumerable.Range(0, 28).Select(i => $"f{i:00}") : [Features]) + $", {Label}, split, fold";
        string path = TestData.Shared("fixtures", "data", Name, Name + ".parquet");
        await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            TRAIN {Name} USING {Estimator} (num_trees = {Trees}, learn_rate = 0.1, max_leaves = 31, max_bins = 255{options}) LABEL {Label} FEATURES (* EXCEPT (split, fold)) SPLIT BY {split} SEED {seed} AS
            SELECT {columns} FROM '{path}'
            """));
        Dictionary<string, double> all = [];
        await using var result = await session.QueryAsync($"SELECT metric, value FROM mlsql.metrics m JOIN mlsql.models n ON m.model = n.name AND m.version = n.default_version WHERE model = '{Name}' AND split = '{rows}'");
        await foreach (RecordBatch batch in result.ReadAsync())
            for (int row = 0; row < batch.Rows; row++) all.Add(((TextColumn)batch.Column("metric")).Text(row)!, batch.Column<double>("value")[row]);
        var names = Estimator == "boosted_tree_regressor" ? Regression : Name == "digits" ? Multiclass : Binary;
        return names.ToDictionary(n => n.Theirs, n => n.Theirs == "rmse" ? Math.Sqrt(all[n.Ours]) : all[n.Ours]);
    }
}
