using System.Globalization;
using System.Text.Json;
using MlSql.Columnar;

namespace MlSql.SpecTests;

/// <summary>A fit of the training reference: what is trained on which columns, and how our metrics are called there.</summary>
/// <param name="Data">The data set.</param>
/// <param name="Estimator">What is trained.</param>
/// <param name="Label">The column to predict.</param>
/// <param name="Features">The columns that are read, as a select list; all but the row's number when empty.</param>
/// <param name="Options">Options of the estimator.</param>
internal sealed record ReferenceFit(string Data, string Estimator, string Label, string Features, string Options)
{
    private const string Trees = "learn_rate = 0.1, max_leaves = 31, max_bins = 255, num_trees = ";

    // Ours, and the reference's.
    private static readonly (string Ours, string Theirs)[] Binary = [("roc_auc", "auc"), ("log_loss", "logloss"), ("accuracy", "accuracy"), ("precision", "precision"), ("recall", "recall"), ("f1_score", "f1")];
    private static readonly (string Ours, string Theirs)[] Multiclass = [("accuracy", "accuracy"), ("log_loss", "logloss"), ("f1_score", "macro_f1")];
    private static readonly (string Ours, string Theirs)[] Regression = [("mean_squared_error", "rmse"), ("mean_absolute_error", "mae"), ("r2_score", "r2")];

    /// <summary>The 28 columns of higgs_7k.</summary>
    public static string Higgs { get; } = string.Join(", ", Enumerable.Range(0, 28).Select(i => $"f{i:00}"));

    /// <summary>The fits of gradient_boosting.json.</summary>
    public static ReferenceFit[] Boosting { get; } =
    [
        new("higgs_7k", "boosted_tree_classifier", "label", Higgs, Trees + "100"),
        new("adult", "boosted_tree_classifier", "income_gt_50k", "", Trees + "100"),
        new("california_housing", "boosted_tree_regressor", "median_house_value", "longitude, latitude, housing_median_age, total_rooms, total_bedrooms, population, households, median_income", Trees + "100"),
        new("bike_sharing", "boosted_tree_regressor", "rentals", "hour, temp, humidity, windspeed, weekday, season, weather", Trees + "100"),
        new("digits", "boosted_tree_classifier", "digit", "", Trees + "50"),
    ];

    /// <summary>The boosted trees of cross_validation.json, by its names.</summary>
    public static Dictionary<string, ReferenceFit> BoostingInFolds { get; } = new()
    {
        ["lightgbm_higgs_7k"] = Boosting[0],
        ["lightgbm_wine_quality_regression"] =
            new("wine_quality", "boosted_tree_regressor", "quality", "fixed_acidity, volatile_acidity, citric_acid, residual_sugar, chlorides, free_sulfur_dioxide, total_sulfur_dioxide, density, ph, sulphates, alcohol", Trees + "100"),
    };

    /// <summary>Its logistic regressions, all with C = 1.</summary>
    public static Dictionary<string, ReferenceFit> LogisticInFolds { get; } = new()
    {
        ["logistic_breast_cancer_C1"] = new("breast_cancer", "logistic_regression", "malignant", "", ""),
        ["logistic_higgs_7k_C1"] = new("higgs_7k", "logistic_regression", "label", Higgs, ""),
        ["logistic_bank_marketing_numbers_only"] = new("bank_marketing", "logistic_regression", "subscribed", "age, balance, day, campaign, previous", ""),
    };

    private string File => $"'{TestData.Shared("fixtures", "data", Data, Data + ".parquet")}'";

    /// <summary>Trains on the train rows and gives the metrics of the test rows, by the reference's names; a mean squared error becomes its root.</summary>
    public Task<Dictionary<string, double>> TestMetricsAsync(MlSqlSession session, int seed = 0) => MetricsAsync(session, seed, "split", "test");

    /// <summary>The same with a fold held back, whatever the rows' split.</summary>
    public Task<Dictionary<string, double>> FoldMetricsAsync(MlSqlSession session, int fold) => MetricsAsync(session, 0, string.Create(CultureInfo.InvariantCulture, $"fold = {fold}"), "eval");

    /// <summary>How many rows are trained on when a fold is held back.</summary>
    public async Task<long> RowsBesideAsync(MlSqlSession session, int fold)
    {
        await using var result = await session.QueryAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) AS n FROM {File} WHERE fold <> {fold}"));
        await foreach (RecordBatch batch in result.ReadAsync()) return batch.Column<long>("n")[0];
        throw new AssertionException("no count");
    }

    public override string ToString() => Data;

    private async Task<Dictionary<string, double>> MetricsAsync(MlSqlSession session, int seed, string split, string rows)
    {
        await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            TRAIN {Data} USING {Estimator} ({Options}) LABEL {Label} FEATURES (* EXCEPT (split, fold)) SPLIT BY {split} SEED {seed} AS
            SELECT {(Features == "" ? "* EXCLUDE (row_id)" : $"{Features}, {Label}, split, fold")} FROM {File}
            """));
        Dictionary<string, double> all = [];
        await using var result = await session.QueryAsync($"SELECT metric, value FROM mlsql.metrics m JOIN mlsql.models n ON m.model = n.name AND m.version = n.default_version WHERE model = '{Data}' AND split = '{rows}'");
        await foreach (RecordBatch batch in result.ReadAsync())
            for (int row = 0; row < batch.Rows; row++) all.Add(((TextColumn)batch.Column("metric")).Text(row)!, batch.Column<double>("value")[row]);
        var names = Estimator == "boosted_tree_regressor" ? Regression : Data == "digits" ? Multiclass : Binary;
        return names.ToDictionary(n => n.Theirs, n => n.Theirs == "rmse" ? Math.Sqrt(all[n.Ours]) : all[n.Ours]);
    }

    /// <summary>The entry of gradient_boosting.json.</summary>
    public JsonElement ResultsOf(JsonElement reference) => reference.GetProperty("results").EnumerateObject().Single(set => set.Name.Split(' ')[0] == Data).Value;
}
