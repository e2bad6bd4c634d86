using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Training;

namespace MlSql.UnitTests.Training;

/// <summary>Data that cannot be trained on, and what the messages name.</summary>
internal sealed class RefusedDataTests
{
    private static readonly double?[] Two = [1, 2];
    private static readonly double?[] ZeroOne = [0, 1];

    [Test]
    public void An_infinite_feature_names_its_column() =>
        AssertError("MLS3002", "income", "linear_regression", new([("income", new double?[] { 1, double.PositiveInfinity })], ("y", Two)));

    [Test]
    public void A_feature_that_is_null_everywhere_names_its_column()
    {
        AssertError("MLS3003", "age", "linear_regression", new([("age", new double?[] { null, null })], ("y", Two)));
        AssertError("MLS3003", "plan", "linear_regression", new([("plan", new string?[] { null, null })], ("y", Two)));
        AssertError("MLS3003", "tags", "linear_regression", new([("tags", new double?[]?[] { null, null })], ("y", Two)));
    }

    [Test]
    public void Rows_that_all_lack_a_label_are_counted() =>
        AssertError("MLS3004", "all 2 rows", "linear_regression", new([("x", Two)], ("y", new double?[] { null, null })));

    [Test]
    public void A_split_without_training_rows_is_an_error() =>
        AssertError("MLS3005", "of 2", "linear_regression", new([("x", Two)], ("y", Two)) { SplitColumn = new[] { true, true } });

    [Test]
    public void One_class_in_the_training_rows_is_an_error()
    {
        AssertError("MLS3006", "y = 1", "logistic_regression", new([("x", Two)], ("y", new double?[] { 1, 1 })));
        AssertError("MLS3006", "y = no", "logistic_regression", new([("x", Two)], ("y", new[] { "no", "yes" })) { SplitColumn = new[] { "train", "eval" } });
    }

    [Test]
    public void More_than_two_classes_are_counted()
    {
        AssertError("MLS3007", "3 classes", "logistic_regression", new([("x", new double?[] { 1, 2, 3 })], ("y", new[] { "a", "b", "c" })));
        double?[] many = [.. Enumerable.Range(0, 1_500).Select(i => (double?)i)];
        AssertError("MLS3007", "more than 1,000 classes", "logistic_regression", new([("x", many)], ("y", many)));
    }

    [Test]
    public void A_text_is_no_label_of_a_regression() => AssertError("MLS3008", "y VARCHAR", "linear_regression", new([("x", Two)], ("y", new[] { "a", "b" })));

    [Test]
    public void A_time_is_no_label() => AssertError("MLS3008", "y DATE", "logistic_regression", new([("x", Two)], ("y", new DateOnly[2])));

    [Test]
    public void An_infinite_label_is_an_error() => AssertError("MLS3009", "y", "linear_regression", new([("x", Two)], ("y", new double?[] { 1, double.NegativeInfinity })));

    [Test]
    public void The_memory_limit_is_named_with_what_was_needed()
    {
        TrainingTable table = Samples.Numbers(ModelTask.Regression, 20_000, 10, 1);
        EstimatorInfo info = TrainingTable.Estimator("linear_regression");
        LimitException error = Assert.Throws<LimitException>(() => table.Train(info, Samples.Options(info), memory: 1 << 20))!;
        Assert.That(error.Code, Is.EqualTo("MLS3010"));
        Assert.That(error.Message, Does.Contain("the limit is 1 MiB"));
        Assert.That(error.Hint, Does.Contain("--memory"));
    }

    [Test]
    public void More_levels_than_can_be_encoded_are_refused()
    {
        string[] ids = [.. Enumerable.Range(0, 100_001).Select(i => $"id{i}")];
        double?[] labels = [.. Enumerable.Range(0, ids.Length).Select(i => (double?)(i % 3))];
        AssertError("MLS3011", "id", "linear_regression", new([("id", ids)], ("y", labels)));
    }

    [Test]
    public void A_list_of_another_length_is_shown() =>
        AssertError("MLS3012", "[4, NULL, 6]", "linear_regression", new([("tags", new double?[]?[] { [1, 2], [4, null, 6] })], ("y", Two)));

    [Test]
    public void A_split_value_of_another_meaning_is_shown() =>
        AssertError("MLS3013", "validation", "linear_regression", new([("x", Two)], ("y", Two)) { SplitColumn = new[] { "train", "validation" } });

    [Test]
    public void A_split_column_of_numbers_is_refused() =>
        AssertError("MLS3014", "DOUBLE", "linear_regression", new([("x", Two)], ("y", Two)) { SplitColumn = Two });

    [TestCase(-1.0)]
    [TestCase(null)]
    [TestCase(double.PositiveInfinity)]
    public void A_weight_below_zero_or_without_a_value_is_an_error(double? weight) =>
        AssertError("MLS3015", "at least 0", "linear_regression", new([("x", Two)], ("y", Two)) { Weights = [1, weight] });

    [Test]
    public void Weights_that_are_all_zero_are_an_error() => AssertError("MLS3016", "weigh 0", "linear_regression", new([("x", Two)], ("y", Two)) { Weights = [0, 0] });

    [TestCase("linear_regression")]
    [TestCase("logistic_regression")]
    public void An_l1_penalty_is_not_carried_out_yet(string estimator)
    {
        CodedException error = Assert.Throws<CodedException>(() => new TrainingTable([("x", Two)], ("y", ZeroOne)).Train(estimator, ("l1_reg", "0.5")))!;
        Assert.That((error.Code, error.Message), Is.EqualTo(("MLS3017", $"This option is not carried out yet: l1_reg = 0.5 of {estimator}")));
    }

    [Test]
    public void Types_that_are_no_features_say_what_to_do()
    {
        DataType number = new FloatType(64);
        StructType deep = new([new("a", new StructType([new("b", new StructType([new("c", number)]))]))]);
        foreach (DataType type in (DataType[])[new MapType(new StringType(), number), new ListType(new StringType()), new ListType(new ListType(number)), new UuidType(), new BinaryType(),
            new TimeType(TimeUnit.Microsecond), new IntervalType(), new NullType(), new OpaqueType("BIT"), deep])
        {
            EstimatorInfo info = TrainingTable.Estimator("linear_regression");
            TrainingSpec spec = new(info, TrainingTable.Options(info), [new("f", type)], new("y", number), false, ClassWeighting.None, SplitSpec.None, 0);
            CodedException error = Assert.Throws<CodedException>(() => new TrainingRun(spec, 1, 1 << 20, TimeProvider.System, null).Dispose())!;
            Assert.That(error.Code, Is.EqualTo("MLS3001"), type.ToString());
            Assert.That(error.Hint, Is.Not.Empty);
        }
    }

    [Test]
    public void A_text_with_nearly_as_many_levels_as_rows_gets_a_warning()
    {
        string[] ids = [.. Enumerable.Range(0, 100).Select(i => $"customer {i}")];
        double?[] labels = [.. Enumerable.Range(0, 100).Select(i => (double?)i)];
        TrainingWarning warning = new TrainingTable([("id", ids)], ("y", labels)).Train("linear_regression", ("l2_reg", "1")).Warnings.Single();
        Assert.That(warning.Code, Is.EqualTo("MLS3102"));
        Assert.That(warning.Message, Does.Contain("100 of 100").And.Contains("id"));
    }

    [Test]
    public void Separable_classes_without_a_penalty_get_a_warning_and_stop()
    {
        double?[] x = [.. Enumerable.Range(0, 100).Select(i => (double?)i)];
        bool[] labels = [.. Enumerable.Range(0, 100).Select(i => i >= 50)];
        TrainingResult result = new TrainingTable([("x", x)], ("y", labels)).Train("logistic_regression");
        Assert.That(result.Warnings.Single().Code, Is.EqualTo("MLS3104"));
        Assert.That(result.Iterations, Has.Length.LessThan(100));
        Assert.That(result.Metrics.Single(m => m.Metric == "accuracy").Value, Is.EqualTo(1));
    }

    [Test]
    public void Stopping_at_max_iterations_gets_a_warning()
    {
        TrainingTable table = Samples.Numbers(ModelTask.Classification, 500, 3, 2);
        TrainingResult result = table.Train("logistic_regression", ("max_iterations", "2"));
        Assert.That(result.Warnings.Single().Code, Is.EqualTo("MLS3103"));
        Assert.That(result.Iterations[^1].Iteration, Is.EqualTo(2));
    }

    private static void AssertError(string code, string named, string estimator, TrainingTable table)
    {
        CodedException error = Assert.Throws<CodedException>(() => table.Train(estimator))!;
        Assert.That(error.Code, Is.EqualTo(code));
        Assert.That(error.Message, Does.Contain(named));
        Assert.That(error.Hint, Is.Not.Empty);
    }
}
