using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Training;
using MlSql.UnitTests.Training.Memory;

namespace MlSql.UnitTests.Training.Trees;

/// <summary>Boosted trees read their rows twice and keep bins alone.</summary>
public class TwoReadingsTests
{
    private static readonly EstimatorInfo Info = TrainingTable.Estimator("boosted_tree_regressor");

    [Test]
    public void What_the_rows_hold_is_told_as_by_a_trainer_that_keeps_them([Values] bool split)
    {
        TrainingTable table = Samples.Mixed(ModelTask.Regression, 9_000, 4) with { Split = split ? new(SplitMode.Random, 0.2, 0.1) : SplitSpec.None };
        TrainingResult kept = table.Train("linear_regression"), binned = table.Train(Info, Samples.Options(Info), threads: 2, slice: 700);
        Assert.That(binned.DataFingerprint, Is.EqualTo(kept.DataFingerprint));
        Assert.That(binned.Rows, Is.EqualTo(kept.Rows));
        Assert.That(binned.Model.Signature, Is.EqualTo(kept.Model.Signature));
        Assert.That(binned.Features.Select(feature => feature with { Mean = null, Deviation = null }), Is.EqualTo(kept.Features.Select(feature => feature with { Mean = null, Deviation = null })));
        foreach ((FeatureStatistics ours, FeatureStatistics theirs) in binned.Features.Zip(kept.Features))
        {
            Assert.That(ours.Mean, Is.EqualTo(theirs.Mean).Within(1e-10).Percent, ours.Input);
            Assert.That(ours.Deviation, Is.EqualTo(theirs.Deviation).Within(1e-10).Percent, ours.Input);
        }
    }

    [TestCase(90)]
    [TestCase(110)]
    public void Other_rows_the_second_time_are_an_error(int again)
    {
        TrainingTable table = Samples.Numbers(ModelTask.Regression, 110, 3, 1);
        using TrainingRun run = new(table.Spec(Info, Samples.Options(Info)), 1, 1L << 30, TimeProvider.System, null);
        using TrainingViews views = new();
        run.Append(table.Columns(views, 0, 100), 100);
        Assert.That(run.NextPass(default), Is.True);
        CodedException error = Assert.Throws<CodedException>(() =>
        {
            run.Append(table.Columns(views, 0, again), again);
            run.NextPass(default);
        })!;
        Assert.That(error.Code, Is.EqualTo("MLS3031"));
    }

    [Test]
    public void A_class_that_was_not_there_the_first_time_is_an_error()
    {
        EstimatorInfo info = TrainingTable.Estimator("boosted_tree_classifier");
        TrainingTable first = new([("x", new double?[] { 1, 2, 3, 4 })], ("y", new string?[] { "a", "b", "a", "b" })), second = first with { Label = ("y", new string?[] { "a", "b", "c", "b" }) };
        using TrainingRun run = new(first.Spec(info, Samples.Options(info)), 1, 1L << 30, TimeProvider.System, null);
        using TrainingViews views = new();
        run.Append(first.Columns(views, 0, 4), 4);
        Assert.That(run.NextPass(default), Is.True);
        Assert.That(Assert.Throws<CodedException>(() => run.Append(second.Columns(views, 0, 4), 4))!.Code, Is.EqualTo("MLS3031"));
    }

    [Test]
    public void Own_arrays_are_bounded_by_bytes_a_value()
    {
        // Two groups of 16 bytes a row, label, score, three lists of rows, the sample.
        TrainingTable table = Samples.Numbers(ModelTask.Regression, 300_000, 20, 2);
        Assert.That(() => table.Train(Info, Samples.Options(Info), memory: 300_000 * 80 + (300_000 + 2_048) * (20 + 2) * 8 * 2), Throws.Nothing);
        Assert.That(Assert.Throws<LimitException>(() => table.Train(Info, Samples.Options(Info), memory: 300_000 * 40))!.Code, Is.EqualTo("MLS3010"));
    }
}
