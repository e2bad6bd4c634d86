using System.Globalization;
using MlSql.Engines.DuckDb.Database;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Trees;
using MlSql.Scoring.Onnx;
using MlSql.UnitTests.Scoring.Onnx;

namespace MlSql.UnitTests.Models.Onnx.Trees;

/// <summary>Every model of the shared fixtures is recognised or refused for the reason given here; those recognised give what the training tool gave, and what ONNX Runtime gives, without it.</summary>
internal sealed class RecognisedFixtureTests
{
    private static readonly string[] Recognised =
    [
        "adult_gbdt_pipeline", "adult_tree_pipeline_string_label", "bench_gbdt_higgs_like", "decision_tree", "gradient_boosting_regression", "hist_gradient_boosting_missing", "hospital_forest", "hospital_gbdt", "hospital_tree",
        "lightgbm_binary", "lightgbm_binary_zipmap", "lightgbm_categorical", "lightgbm_multiclass", "lightgbm_regression_missing", "random_forest_multiclass", "random_forest_regression", "titanic_forest_pipeline",
        "xgboost_binary_missing", "xgboost_multiclass", "xgboost_regression_missing",
    ];

    private static readonly Dictionary<string, string> Refused = new()
    {
        ["adult_logistic_pipeline"] = "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["batch_dependent_scalar"] = "its output `score` comes from the operator `MatMul`",
        ["cnn_digits"] = "its output `digit` comes from the operator `ArgMax`",
        ["cnn_digits_int8_qdq"] = "its output `digit` comes from the operator `ArgMax`",
        ["external_data"] = "its output `digit` comes from the operator `ArgMax`",
        ["float16_softmax"] = "its output `probabilities` comes from the operator `Gemm`",
        ["gaussian_nb"] = "its output `label` does not come from trees",
        ["hospital_logistic"] = "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["hospital_logistic_l1"] = "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["int64_logistic"] = "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["isolation_forest"] = "it has 1630 nodes; a pipeline around one ensemble has no more than 500",
        ["kmeans"] = "its output `label` comes from the operator `ArgMin`",
        ["knn_classifier"] = "its output `label` does not come from trees",
        ["knn_regressor"] = "its output `variable1` comes from the operator `ReduceMean`",
        ["linear_regression"] = "its output `variable` comes from the operator `ai.onnx.ml.LinearRegressor`",
        ["linear_regression_double"] = "its output `variable` comes from the operator `MatMul`",
        ["linear_svc"] = "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["logistic_binary"] = "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["logistic_binary_raw_scores"] = "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["logistic_binary_zipmap"] = "its output `output_label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["logistic_multinomial_columns"] = "its output `output_label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["logistic_multinomial_opset21"] = "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["logistic_multinomial_opset9"] = "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["logistic_multinomial_string_labels"] = "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["logistic_multinomial_zipmap_strings"] = "its output `output_label` comes from the operator `ai.onnx.ml.LinearClassifier`",
        ["mixed_dtypes"] = "its output `total` does not come from trees",
        ["mlp_digits"] = "its output `label` does not come from trees",
        ["mlp_digits_dynamic_uint8"] = "its output `label` does not come from trees",
        ["mlp_fixed_batch_1"] = "its output `label` does not come from trees",
        ["mlp_regression"] = "its output `variable` comes from the operator `MatMul`",
        ["pca"] = "its output `variable` comes from the operator `MatMul`",
        ["poisson_regression"] = "its output `variable` comes from the operator `Exp`",
        ["recommender_rating"] = "its output `rating` comes from the operator `Clip`",
        ["recommender_topk"] = "its output `item_id` comes from the operator `TopK`",
        ["ridge_scaled"] = "its output `variable` comes from the operator `ai.onnx.ml.LinearRegressor`",
        ["sequence_of_tensors"] = "its output `parts` comes from the operator `SplitToSequence`",
        ["svc_rbf"] = "its output `label` comes from the operator `ai.onnx.ml.SVMClassifier`",
        ["svr_rbf"] = "its output `variable` comes from the operator `ai.onnx.ml.SVMRegressor`",
        ["tfidf_logistic_text"] = "its output `label` comes from the operator `ai.onnx.ml.LinearClassifier`",
    };

    private static IEnumerable<Fixture> All => Directory.GetDirectories(TestData.Shared("fixtures", "models")).Where(f => File.Exists(Path.Combine(f, "fixture.json"))).Order(StringComparer.Ordinal).Select(f => new Fixture(f));

    [Test]
    public void Every_fixture_is_recognised_or_refused_for_its_reason()
    {
        Dictionary<string, string> refused = [];
        List<string> recognised = [];
        foreach (Fixture fixture in All)
        {
            Recognition recognition = GraphRecogniser.Recognise(StructureOf(fixture), fixture.Features, default);
            if (recognition.Succeeded) recognised.Add(Path.GetFileName(fixture.Folder));
            else refused.Add(Path.GetFileName(fixture.Folder), recognition.Reason);
        }
        Assert.That(recognised, Is.EqualTo(Recognised));
        Assert.That(refused, Is.EquivalentTo(Refused));
    }

    [Test]
    public void Recognised_ones_give_what_the_training_tool_and_ONNX_Runtime_gave() => Assert.That(string.Join('\n', All.Where(f => Recognised.Contains(Path.GetFileName(f.Folder))).SelectMany(Failures)), Is.Empty);

    private static GraphStructure StructureOf(Fixture fixture)
    {
        OnnxModel onnx = OnnxReader.Read(fixture.Graph, new OnnxLimits(), default);
        GraphTrialResult trial = GraphTrial.Run(TestGraph.ModelOf(onnx.Bytes), fixture.GraphInputs, default);
        return new([.. onnx.Bytes.Span], fixture.GraphInputs, trial.Outputs, trial.Batch, trial.RowsAreIndependent, []);
    }

    private static List<string> Failures(Fixture fixture)
    {
        string name = Path.GetFileName(fixture.Folder);
        GraphStructure structure = StructureOf(fixture);
        Recognition recognition = GraphRecogniser.Recognise(structure, fixture.Features, default);
        if (!recognition.Succeeded) return [$"{name}: {recognition.Reason}"];
        RecognisedModel own = new(recognition.Graph, structure);
        using var session = GraphSession.Create(structure.Graph, new GraphSessionOptions(), default);
        GraphScorer runtime = new(new Model(new ModelSignature(fixture.Features, "y", ModelTask.Regression, null), [], structure), session);
        using var database = DuckDbDatabase.Open(new DatabaseOptions { Threads = 1 });
        using var connection = database.Connect();
        string[][] expected = FixtureTests.Texts(connection, fixture);
        using var input = connection.ExecuteStreaming($"SELECT {string.Join(", ", fixture.FeatureColumns)} FROM '{Path.Combine(fixture.Folder, "input.parquet")}'", default);
        List<string> failures = [];
        int first = 0, values = 0, same = 0;
        // Converters round thresholds to 32 bits: in some fixtures a row or two take another branch than in the training tool, in ONNX Runtime too.
        HashSet<int> different = [];
        List<string> fromTool = [];
        while (input.NextChunk(default) is { } chunk)
        {
            using GraphBatch batch = own.Score(chunk.Views, chunk.Rows);
            using GraphBatch given = runtime.Score(chunk.Views, chunk.Rows, new RunLimits(TimeSpan.FromSeconds(60), default));
            for (int row = 0; row < chunk.Rows; row++)
            {
                string[] got = Row(batch, fixture, row), runs = Row(given, fixture, row);
                for (int i = 0; i < got.Length; i++, values++)
                {
                    if (got[i] == runs[i]) same++;
                    else if (!Near(got[i], runs[i], 2e-6, 2e-6)) failures.Add($"{name}, row {first + row}, value {i}: {got[i]}, ONNX Runtime gives {runs[i]}");
                    if (Near(got[i], expected[first + row][i], fixture.Absolute, fixture.Relative)) continue;
                    different.Add(first + row);
                    fromTool.Add($"{name}, row {first + row}, value {i}: {got[i]}, expected {expected[first + row][i]}");
                }
            }
            first += chunk.Rows;
        }
        Assert.That(first, Is.EqualTo(fixture.Rows));
        TestContext.Out.WriteLine($"{name}: {recognition.Graph.Structure.Trees.Length} trees, {recognition.Graph.EncodedWidth} columns, {same} of {values} values the same bits as ONNX Runtime's");
        if (different.Count > fixture.RowsAllowedToDiffer) failures.AddRange(fromTool);
        return [.. failures.Take(3)];
    }

    private static string[] Row(GraphBatch batch, Fixture fixture, int row) => [.. fixture.Outputs.SelectMany(o => FixtureTests.Values(batch, o.Name, row))];

    // Labels are numbers and texts too, and must be equal: as whole numbers they lie further apart than any tolerance.
    private static bool Near(string got, string wanted, double absolute, double relative) =>
        got == wanted || (double.TryParse(got, CultureInfo.InvariantCulture, out double g) && double.TryParse(wanted, CultureInfo.InvariantCulture, out double w) && Math.Abs(g - w) <= absolute + relative * Math.Abs(w));
}
