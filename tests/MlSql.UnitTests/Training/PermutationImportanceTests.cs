using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Training.Metrics;
using MlSql.UnitTests.Training.Memory;

namespace MlSql.UnitTests.Training;

/// <summary>Losses of rows as they are and with values exchanged, against figures made by hand.</summary>
internal sealed class PermutationImportanceTests
{
    private static readonly ImmutableArray<Feature> s_features = [new("a", new NumberFeature()), new("b", new NumberFeature())];
    private static readonly ModelSignature s_number = new(s_features, "y", ModelTask.Regression, null);
    private static readonly ModelSignature s_two = new(s_features, "y", ModelTask.Classification, new ClassLabels(ClassKind.Text, ["no", "yes"]));
    private static readonly ModelSignature s_three = new(s_features, "y", ModelTask.Classification, new ClassLabels(ClassKind.Integer, ["1", "2", "3"]));

    [Test]
    public void Numbers_are_measured_by_the_squared_error()
    {
        using TrainingViews views = new();
        PermutationImportance importance = new(s_number, weighted: true);
        importance.Append([views.Doubles([1, 2, null]), views.Doubles([1, 3, 1]), views.Doubles([1, 4, 9]), views.Doubles([3, null, 9])], [-1, 0], 3);
        importance.Append([views.Doubles([5]), views.Doubles([0.5]), views.Doubles([6])], [1], 1);
        Assert.That(importance.Loss, Is.EqualTo("mean_squared_error"));
        // A row without a label or a prediction counts for nothing.
        Assert.That(importance.Rows, Is.EqualTo(2));
        Assert.That(importance.Finish(), Is.EqualTo(new double?[] { 3, 4, 1 }));
    }

    [Test]
    public void Classes_are_measured_by_the_log_loss()
    {
        using TrainingViews views = new();
        PermutationImportance two = new(s_two, weighted: false);
        two.Append([views.Texts(["yes", "no", null]), views.Doubles([0.25, 0.25, 0.5]), views.Doubles([0, 1, 0.5])], [-1, 1], 3);
        double?[] losses = [.. two.Finish()];
        Assert.That((two.Loss, losses[1]), Is.EqualTo(("log_loss", (double?)null)), "a feature that was not asked for");
        Assert.That(losses[0], Is.EqualTo(-(Math.Log(0.25) + Math.Log(0.75)) / 2).Within(1e-15));
        Assert.That(losses[2], Is.EqualTo(-Math.Log(1e-15)).Within(1e-12), "a sure error costs as much as the clip allows");

        PermutationImportance three = new(s_three, weighted: false);
        three.Append([views.Doubles([2, 3, 1]), views.Lists([[0.25, 0.5, 0.25], [0.125, 0.125, 0.75], null])], [-1], 3);
        Assert.That(three.Finish()[0], Is.EqualTo(-(Math.Log(0.5) + Math.Log(0.75)) / 2).Within(1e-15));
        Assert.That(three.Rows, Is.EqualTo(2));
    }

    [Test]
    public void The_order_of_batches_and_rows_changes_no_bit()
    {
        using TrainingViews views = new();
        Random random = new(7);
        double?[] labels = [.. Enumerable.Range(0, 1_000).Select(_ => (double?)random.NextDouble())], scores = [.. labels.Select(_ => (double?)random.NextDouble())];
        PermutationImportance forward = new(s_number, weighted: false), backward = new(s_number, weighted: false);
        forward.Append([views.Doubles(labels), views.Doubles(scores)], [-1], labels.Length);
        foreach (int start in (int[])[600, 0])
        {
            int end = start == 0 ? 600 : 1_000;
            backward.Append([views.Doubles([.. labels[start..end].Reverse()]), views.Doubles([.. scores[start..end].Reverse()])], [-1], end - start);
        }
        Assert.That(BitConverter.DoubleToInt64Bits(backward.Finish()[0]!.Value), Is.EqualTo(BitConverter.DoubleToInt64Bits(forward.Finish()[0]!.Value)));
    }

    [Test]
    public void What_cannot_be_measured_is_refused()
    {
        using TrainingViews views = new();
        Refuses("MLS3040", () => new PermutationImportance(s_number, weighted: false).Finish());
        Refuses("MLS3019", () => new PermutationImportance(s_two, weighted: false).Append([views.Texts(["maybe"]), views.Doubles([0.5])], [-1], 1));
        Refuses("MLS3020", () => new PermutationImportance(s_two, weighted: false).Append([views.Doubles([1]), views.Doubles([0.5])], [-1], 1));
        Refuses("MLS3015", () => new PermutationImportance(s_number, weighted: true).Append([views.Doubles([1]), views.Doubles([-1]), views.Doubles([1])], [-1], 1));
        Refuses("MLS3021", () => new PermutationImportance(s_number, weighted: false).Append([views.Doubles([1]), views.Doubles([double.PositiveInfinity])], [-1], 1));
        Refuses("MLS3021", () => new PermutationImportance(s_number, weighted: false).Append([views.Doubles([1e200]), views.Doubles([-1e200])], [-1], 1));

        static void Refuses(string code, TestDelegate action) => Assert.That(action, Throws.TypeOf<CodedException>().With.Property("Code").EqualTo(code));
    }
}
