using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Featurizers;
using MlSql.Training;
using MlSql.UnitTests.Training.Memory;

namespace MlSql.UnitTests.Training;

/// <summary>What training learns about each kind of column.</summary>
internal sealed class FeaturisationTests
{
    private static readonly double?[] Labels = [1, 2, 4, 3];

    [Test]
    public void Texts_become_levels_sorted_by_their_bytes_with_null_last()
    {
        Model model = Train(("t", new string?[] { "b", "Ä", null, "Z" }));
        OneHotFeaturizer levels = (OneHotFeaturizer)model.Featurizers[0];
        Assert.That(levels.Levels, Is.EqualTo(new[] { "Z", "b", "Ä" }));
        Assert.That(levels.NullLevel);
        Assert.That(model.Signature.Features.Single(), Is.EqualTo(new Feature("t", new TextFeature())));
    }

    [Test]
    public void Levels_come_from_training_rows_only()
    {
        TrainingTable table = new([("t", new string?[] { "a", "b", "c", null })], ("y", Labels)) { SplitColumn = new[] { "train", "train", "eval", "test" } };
        TrainingResult result = table.Train("linear_regression");
        OneHotFeaturizer levels = (OneHotFeaturizer)result.Model.Featurizers[0];
        Assert.That((levels.Levels.Length, levels.NullLevel), Is.EqualTo((2, false)));
        Assert.That(result.Metrics.Single(m => m is { Split: "eval", Metric: "mean_absolute_error" }).Value, Is.EqualTo(2.5).Within(1e-12), "an unseen level gives the intercept");
    }

    [Test]
    public void Dates_become_calendar_parts()
    {
        Model model = Train(("d", new DateOnly[] { new(2024, 2, 29), new(2024, 3, 1), new(1969, 12, 31), new(2000, 1, 1) }));
        CalendarFeaturizer calendar = (CalendarFeaturizer)model.Featurizers[0];
        Assert.That(calendar.Means[0], Is.EqualTo((2024 + 2024 + 1969 + 2000) / 4.0));
        Assert.That(calendar.Means[2], Is.EqualTo((29 + 1 + 31 + 1) / 4.0));
        Assert.That(calendar.Scales[4], Is.Zero, "dates have no hour");
        Assert.That(model.Signature.Features.Single().Type, Is.EqualTo(new DateFeature()));
    }

    [Test]
    public void Lists_become_a_number_a_position()
    {
        Model model = Train(("l", new double?[]?[] { null, [1, 10], [3, null], [5, 30] }));
        NumberListFeaturizer list = (NumberListFeaturizer)model.Featurizers[0];
        Assert.That(list.Means, Is.EqualTo(new[] { 3.0, 20.0 }));
        Assert.That(list.Scales[1], Is.EqualTo(10));
        Assert.That(model.Signature.Features.Single().Type, Is.EqualTo(new NumberListFeature(2)));
    }

    [Test]
    public void Structs_become_their_fields_and_a_null_struct_is_null_in_all_of_them()
    {
        StructType inner = new([new("b", new FloatType(64))]);
        StructType type = new([new("a", new FloatType(64)), new("in", inner)]);
        EstimatorInfo info = TrainingTable.Estimator("linear_regression");
        TrainingSpec spec = new(info, TrainingTable.Options(info), [new("s", type)], new("y", new FloatType(64)), false, ClassWeighting.None, SplitSpec.None, 0);
        using TrainingViews views = new();
        ColumnView deep = views.Struct(inner, 4, null, views.Doubles([1, 2, 3, 9]));
        ColumnView column = views.Struct(type, 4, row => row == 3, views.Doubles([10, 20, 60, 9]), deep);
        using TrainingRun run = new(spec, 1, 1 << 20, TimeProvider.System, null);
        run.Append([column, views.Doubles(Labels)], 4);
        Model model = run.Finish(null, default).Model;
        Assert.That(model.Signature.Features.Single(), Is.EqualTo(new Feature("s",
            new StructFeature([new("a", new NumberFeature()), new("in", new StructFeature([new("b", new NumberFeature())]))]))));
        Assert.That(((NumericFeaturizer)model.Featurizers[0], (NumericFeaturizer)model.Featurizers[1]), Is.EqualTo(
            (new NumericFeaturizer(0, [0], 30, Math.Sqrt(1400 / 3.0)), new NumericFeaturizer(0, [1, 0], 2, Math.Sqrt(2 / 3.0)))));
    }

    [Test]
    public void Enums_of_every_width_equal_their_texts()
    {
        foreach (int size in (int[])[3, 300, 70_000])
        {
            EnumType type = new([.. Enumerable.Range(0, size).Select(i => "v" + i)]);
            uint[] indexes = [0, (uint)size - 1, 2, 2];
            EstimatorInfo info = TrainingTable.Estimator("linear_regression");
            TrainingSpec spec = new(info, TrainingTable.Options(info), [new("e", type)], new("y", new FloatType(64)), false, ClassWeighting.None, SplitSpec.None, 0);
            using TrainingViews views = new();
            ColumnView column = type.IndexWidth switch
            {
                1 => views.Fixed(type, Array.ConvertAll(indexes, i => (byte)i)),
                2 => views.Fixed(type, Array.ConvertAll(indexes, i => (ushort)i)),
                _ => views.Fixed(type, indexes),
            };
            using TrainingRun run = new(spec, 1, 1 << 20, TimeProvider.System, null);
            run.Append([column, views.Doubles(Labels)], 4);
            TrainingResult result = run.Finish(null, default);
            TrainingResult texts = new TrainingTable([("e", Array.ConvertAll(indexes, i => "v" + i))], ("y", Labels)).Train("linear_regression");
            Assert.That(result.Model, Is.EqualTo(texts.Model));
            Assert.That(result.DataFingerprint, Is.EqualTo(texts.DataFingerprint));
        }
    }

    [Test]
    public void Classes_are_sorted_by_value_and_the_larger_is_positive()
    {
        double?[] x = [1, 2, 3, 4];
        Assert.That(Classes(x, new[] { "yes", "no", "yes", "no" }), Is.EqualTo(new ClassLabels(ClassKind.Text, ["no", "yes"])));
        Assert.That(Classes(x, new[] { 10, 9, 10, 9 }), Is.EqualTo(new ClassLabels(ClassKind.Integer, ["9", "10"])));
        Assert.That(Classes(x, new double?[] { 0.5, -1, 0.5, -1 }), Is.EqualTo(new ClassLabels(ClassKind.Real, ["-1", "0.5"])));
        Assert.That(Classes(x, new[] { true, false, false, true }), Is.EqualTo(new ClassLabels(ClassKind.Boolean, ["false", "true"])));
    }

    [Test]
    public void The_first_class_seen_does_not_decide_the_sign()
    {
        double?[] x = [1, 2, 3, 4, 5, 6];
        bool[] labels = [true, false, true, false, false, false];
        double falling = ((LinearStructure)new TrainingTable([("x", x)], ("y", labels)).Train("logistic_regression").Model.Structure).Weights[0];
        double rising = ((LinearStructure)new TrainingTable([("x", x)], ("y", Array.ConvertAll(labels, l => !l))).Train("logistic_regression").Model.Structure).Weights[0];
        Assert.That(falling, Is.Negative);
        Assert.That(rising, Is.EqualTo(-falling).Within(1e-12));
    }

    [Test]
    public void Balanced_classes_equal_their_weights_written_out()
    {
        TrainingTable table = Samples.Numbers(ModelTask.Classification, 400, 3, 6);
        int yes = table.Label.Values.Cast<string>().Count(l => l == "yes");
        ClassWeighting byValue = new(false, ImmutableSortedDictionary<string, double>.Empty.Add("yes", 400 / (2.0 * yes)).Add("no", 400 / (2.0 * (400 - yes))));
        Model balanced = (table with { ClassWeighting = new(true, ImmutableSortedDictionary<string, double>.Empty) }).Train("logistic_regression").Model;
        Assert.That(balanced, Is.EqualTo((table with { ClassWeighting = byValue }).Train("logistic_regression").Model));
        Assert.That(balanced, Is.Not.EqualTo(table.Train("logistic_regression").Model));
    }

    [Test]
    public void Least_squares_by_hand_is_met()
    {
        // y = 2x exactly: mean 2.5, population deviation of x 1.118…
        LinearStructure structure = (LinearStructure)new TrainingTable([("x", new double?[] { 1, 2, 3, 4 })], ("y", new double?[] { 2, 4, 6, 8 })).Train("linear_regression").Model.Structure;
        Assert.That(structure.Weights.Single(), Is.EqualTo(2 * Math.Sqrt(1.25)).Within(1e-15));
        Assert.That(structure.Intercept, Is.EqualTo(5).Within(1e-15));
    }

    private static Model Train((string, Array) feature) => new TrainingTable([feature], ("y", Labels)).Train("linear_regression").Model;

    private static ClassLabels? Classes(double?[] x, Array labels) => new TrainingTable([("x", x)], ("y", labels)).Train("logistic_regression", ("l2_reg", "1")).Model.Signature.Classes;
}
