using FsCheck;
using FsCheck.Fluent;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Scoring;
using MlSql.UnitTests.Scoring.Memory;

namespace MlSql.UnitTests.Scoring;

internal sealed class LinearScorerTests
{
    [Test]
    public void Random_models_score_as_their_definition_says() =>
        Prop.ForAll<int, byte>((seed, rows) => AssertDefinition(RandomCases.Linear(seed, rows % 131))).QuickCheckThrowOnFailure();

    [Test]
    public void All_kinds_of_features_at_once_score_as_their_definition_says([Values(0, 1, 7, 8, 9, 63, 64, 65, 130, 1024, 1025, 2048)] int rows) =>
        AssertDefinition(RandomCases.Linear(rows, rows, everything: true));

    [Test]
    public void A_null_scores_exactly_as_the_mean()
    {
        var model = Numeric(mean: 0.1, scale: 0.3, weight: 0.7, intercept: 1.5);
        ScoringCase rows = new(model, [new(new FloatType(64), [null, double.NaN, 0.1])], 3);
        Assert.That(rows.Score(Scorers.Create(model)), Is.EqualTo([1.5, 1.5, 1.5]));
    }

    [Test]
    public void A_constant_column_and_a_weight_of_zero_count_for_nothing_even_for_infinities()
    {
        object?[] values = [double.PositiveInfinity, double.NegativeInfinity, 1e308];
        foreach (var model in (Model[])[Numeric(1, 0, 5, 2), Numeric(1, 1, 0, 2)])
            Assert.That(new ScoringCase(model, [new(new FloatType(64), values)], 3).Score(Scorers.Create(model)), Is.All.EqualTo(2.0));
    }

    [Test]
    public void Infinities_keep_their_sign_through_a_weight()
    {
        var model = Numeric(1, 2, -3, 0);
        ScoringCase rows = new(model, [new(new FloatType(32), [float.PositiveInfinity, float.NegativeInfinity])], 2);
        Assert.That(rows.Score(Scorers.Create(model)), Is.EqualTo([double.NegativeInfinity, double.PositiveInfinity]));
    }

    [Test]
    public void A_list_of_another_length_is_an_error_that_shows_its_length([Values] ViewStyle style)
    {
        var model = new Model(
            new([new("xs", new NumberListFeature(3))], "y", ModelTask.Regression, null),
            [new NumberListFeaturizer(0, [], [0, 0, 0], [1, 1, 1])],
            new LinearStructure([1, 1, 1], 0, Link.Identity));
        ScoringCase rows = new(model, [new(new ListType(new FloatType(64)), [new object?[] { 1.0, 2.0, 3.0 }, null, new object?[] { 1.0, 2.0 }])], 3);
        var error = Assert.Throws<CodedException>(() => rows.Score(Scorers.Create(model), style));
        Assert.That(error, Has.Property("Code").EqualTo("MLS4001").And.Message.EqualTo("Feature expects lists of 3 numbers but a row has one of 2: xs"));
        Assert.That(rows.Take(2).Score(Scorers.Create(model), style), Is.EqualTo([6.0, 0.0]));
    }

    [Test]
    public void A_bare_null_stands_for_any_feature_in_every_row()
    {
        var all = RandomCases.Linear(3, 70, everything: true);
        ScoringCase nulls = all with { Columns = [.. all.Columns.Select(c => c with { Values = new object?[70] })] };
        ScoringCase bare = nulls with { Columns = [.. nulls.Columns.Select(c => new TestColumn(new NullType(), c.Values))] };
        var scorer = Scorers.Create(all.Model);
        Assert.That(bare.Score(scorer), Is.EqualTo(nulls.Score(scorer)));
    }

    [Test]
    public void A_column_of_another_kind_is_an_error_before_a_value_is_read()
    {
        var model = Numeric(0, 1, 1, 0);
        ScoringCase rows = new(model, [new(new StringType(), ["7"])], 1);
        Assert.That(() => rows.Score(Scorers.Create(model)), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS4004").And.Message.EqualTo("Feature expects a number but the column is VARCHAR: x"));
        Assert.That(() => Scorers.Create(model).Score([], new double[1]), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS4005"));
    }

    [Test]
    public void A_model_that_contradicts_itself_is_refused()
    {
        var whole = Numeric(0, 1, 1, 0);
        Model[] damaged =
        [
            whole with { Structure = new LinearStructure([1, 2], 0, Link.Identity) },
            whole with { Structure = new LinearStructure([double.NaN], 0, Link.Identity) },
            whole with { Structure = new LinearStructure([1], double.PositiveInfinity, Link.Identity) },
            whole with { Featurizers = [new NumericFeaturizer(1, [], 0, 1)] },
            whole with { Featurizers = [new NumericFeaturizer(0, [2], 0, 1)] },
        ];
        foreach (var model in damaged)
            Assert.That(() => Scorers.Create(model), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS4002"));
    }

    [Test]
    public void Scoring_a_batch_allocates_nothing()
    {
        var rows = RandomCases.Linear(5, 2_048, everything: true);
        var scorer = Scorers.Create(rows.Model);
        using var views = new ScoringViews(ViewStyle.Views);
        ColumnView[] features = [.. rows.Columns.Select(c => views.Make(c.Type, c.Values))];
        double[] scores = new double[rows.Rows];
        scorer.Score(features, scores);
        long before = GC.GetAllocatedBytesForCurrentThread();
        scorer.Score(features, scores);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static Model Numeric(double mean, double scale, double weight, double intercept) => new(
        new([new("x", new NumberFeature())], "y", ModelTask.Regression, null),
        [new NumericFeaturizer(0, [], mean, scale)],
        new LinearStructure([weight], intercept, Link.Identity));

    // Rounding: at most a few hundred operations on terms whose absolute values add up to 'size'.
    private static void AssertDefinition(ScoringCase rows)
    {
        var scorer = Scorers.Create(rows.Model);
        double[] scores = rows.Score(scorer);
        for (int row = 0; row < rows.Rows; row++)
        {
            var (score, size) = ReferenceScorer.Score(rows.Model, rows.Columns, row);
            Assert.That(scores[row], Is.EqualTo(score).Within(1e-13 * size), $"row {row}");
        }
        Assert.That(rows.Score(scorer, ViewStyle.Offsets), Is.EqualTo(scores), "offset layouts");
        Assert.That(rows.Score(scorer, alwaysMask: true), Is.EqualTo(scores), "masks of all ones");
    }
}
