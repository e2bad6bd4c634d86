using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Engines.Spark.Lowering;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Planning;
using MlSql.Planning.Lowering;
using MlSql.Planning.Plans;
using MlSql.Planning.Rules;

namespace MlSql.UnitTests.Spark.Lowering;

internal sealed class SparkLoweringTests
{
    private static readonly EngineCapabilities Spark = new(InlinesLinearModels: true);

    [Test]
    public void A_number_becomes_one_term()
    {
        var model = Regression([new NumericFeaturizer(0, [], 3, 2)], [4], 0.5, new Feature("x", new NumberFeature()));
        Assert.That(Sql(model, PredictionOutput.Value, "a + 1"), Is.EqualTo("(0.5D + coalesce((nanvl(CAST((a + 1) AS DOUBLE), CAST(NULL AS DOUBLE)) - 3D) * 2D, 0D))"));
    }

    [Test]
    public void A_constant_column_is_left_out() =>
        Assert.That(Sql(Regression([new NumericFeaturizer(0, [], 3, 0)], [0], 7, new Feature("x", new NumberFeature())), PredictionOutput.Value, "x"), Is.EqualTo("(7D)"));

    [Test]
    public void Levels_become_a_look_up_and_texts_are_quoted()
    {
        var model = Regression([new OneHotFeaturizer(0, [], ["it's", @"a\b"], NullLevel: true)], [1, 2, 3], 0, new Feature("x", new TextFeature()));
        Assert.That(Sql(model, PredictionOutput.Value, "x"), Is.EqualTo(@"(0D + coalesce(element_at(map('it''s', 1D, 'a\b', 2D), CAST((x) AS STRING)), CASE WHEN (x) IS NULL THEN 3D END, 0D))"));
    }

    [Test]
    public void A_field_of_a_struct_is_reached_by_its_name()
    {
        var feature = new Feature("s", new StructFeature([new Feature("a`b", new NumberFeature())]));
        Assert.That(Sql(Regression([new NumericFeaturizer(0, [0], 0, 1)], [1], 0, feature), PredictionOutput.Value, "s"), Does.Contain("CAST((s).\"a`b\" AS DOUBLE)"));
    }

    [TestCase(PredictionOutput.Score, "(1D / (1D + exp(-§)))")]
    [TestCase(PredictionOutput.Value, "element_at(map(true, 'yes', false, 'no'), nanvl(§, CAST(NULL AS DOUBLE)) >= 0D)")]
    [TestCase(PredictionOutput.Probability, "greatest((1D / (1D + exp(-§))), (1D - (1D / (1D + exp(-§)))))")]
    [TestCase(PredictionOutput.Probabilities, "array((1D - (1D / (1D + exp(-§)))), (1D / (1D + exp(-§))))")]
    public void A_classifier_is_decided_on_the_score_before_the_link(PredictionOutput output, string expected)
    {
        const string score = "(0D + coalesce((nanvl(CAST((x) AS DOUBLE), CAST(NULL AS DOUBLE)) - 0D) * 1D, 0D))";
        Assert.That(Sql(Classifier(), output, "x"), Is.EqualTo(expected.Replace("§", score, StringComparison.Ordinal)));
    }

    [Test]
    public void Calendars_lists_and_wide_models_stay_with_the_kernel()
    {
        var calendar = Regression([new CalendarFeaturizer(0, [], [.. new double[CalendarParts.Count]], [.. Enumerable.Repeat(1.0, CalendarParts.Count)])], [.. new double[CalendarParts.Count]], 0, new Feature("d", new DateFeature()));
        var wide = Regression([new OneHotFeaturizer(0, [], [.. Enumerable.Range(0, 300).Select(i => $"l{i}")], false)], [.. new double[300]], 0, new Feature("x", new TextFeature()));
        Assert.Multiple(() =>
        {
            Assert.That(Chosen(calendar, Spark), Is.EqualTo(ScoringMode.Kernel));
            Assert.That(Chosen(wide, Spark), Is.EqualTo(ScoringMode.Kernel));
            Assert.That(Chosen(Classifier(), Spark), Is.EqualTo(ScoringMode.Inline));
            Assert.That(Chosen(Classifier(), new EngineCapabilities(false)), Is.EqualTo(ScoringMode.Kernel));
        });
    }

    [Test]
    public void What_is_not_inlined_is_registered_once_and_called()
    {
        var prediction = Prediction(Classifier(), PredictionOutput.Value, "x") with { Scoring = ScoringMode.Kernel };
        var program = ProgramLowering.Lower(new BoundQuery(new BoundSql([new BoundText("SELECT "), prediction, new BoundText(", "), prediction, new BoundText(" FROM t")]), Plain: false), new SparkDialect());
        string name = $"mlsql_{new string('a', 32)}_value_varchar_1";
        Assert.That(program.Print(), Is.EqualTo($"1. register {name}: Value of m version 1\n2. run\n   SELECT {name}(x), {name}(x) FROM t\n"));
    }

    private static ScoringMode Chosen(ModelVersion model, EngineCapabilities engine) => new ChooseScoring().TryRewrite(Prediction(model, PredictionOutput.Value, "x"), engine)!.Scoring;

    private static string Sql(ModelVersion model, PredictionOutput output, string argument) => LinearSql.Print(Prediction(model, output, argument), [argument]);

    private static BoundPrediction Prediction(ModelVersion model, PredictionOutput output, string argument) => new(model, output, [BoundSql.Of(argument)], 0.5, null);

    private static ModelVersion Regression(ImmutableArray<Featurizer> featurizers, ImmutableArray<double> weights, double intercept, Feature feature) =>
        Version(new Model(new ModelSignature([feature], "y", ModelTask.Regression, null), featurizers, new LinearStructure(weights, intercept, Link.Identity)), new FloatType(64));

    private static ModelVersion Classifier() => Version(
        new Model(new ModelSignature([new Feature("x", new NumberFeature())], "y", ModelTask.Classification, new ClassLabels(ClassKind.Text, ["no", "yes"])), [new NumericFeaturizer(0, [], 0, 1)], new LinearStructure([1], 0, Link.Logistic)),
        new StringType());

    private static ModelVersion Version(Model model, DataType label) => new("m", 1, new string('a', 64), model, label);
}
