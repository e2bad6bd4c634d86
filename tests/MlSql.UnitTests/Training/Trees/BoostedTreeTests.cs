using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Trees;
using MlSql.Training;

namespace MlSql.UnitTests.Training.Trees;

/// <summary>What boosted trees keep: the same bytes for the same set of rows, the limits that options set, and what training saw is what the model says.</summary>
internal sealed class BoostedTreeTests
{
    private static readonly (string, string)[] Few = [("num_trees", "5"), ("max_leaves", "9")];

    private static EstimatorInfo Classifier { get; } = TrainingTable.Estimator("boosted_tree_classifier");

    private static EstimatorInfo Regressor { get; } = TrainingTable.Estimator("boosted_tree_regressor");

    [Test]
    public void Order_of_rows_batches_and_threads_change_no_byte([Values("auto", "poisson", "quantile")] string objective, [Values] bool weighted)
    {
        TrainingTable table = Positive(Samples.Mixed(ModelTask.Regression, 20_000, 3)) with { Weights = weighted ? Samples.Weights(20_000, 4) : null, Seed = 5 };
        Same(table, Regressor, [.. Few, ("objective", objective), ("subsample", "0.7"), ("colsample_bytree", "0.6")]);
    }

    [Test]
    public void Order_of_rows_batches_and_threads_change_no_byte_of_a_classifier([Values(2, 3)] int classes, [Values] bool balanced)
    {
        TrainingTable table = Classes(Samples.Mixed(ModelTask.Regression, 20_000, 6), classes) with { Split = new(SplitMode.Random, 0.2, 0.1), ClassWeighting = balanced ? new(true, ClassWeighting.None.Weights) : ClassWeighting.None };
        Same(table, Classifier, Few);
    }

    // More rows than the sample that cuts are taken from: the sample must not depend on their order either.
    [Test]
    public void A_sample_of_the_rows_changes_no_byte()
    {
        TrainingTable table = Samples.Numbers(ModelTask.Regression, 260_000, 2, 7);
        Same(table, Regressor, [("num_trees", "2")]);
    }

    [Test]
    public void Options_hold_for_every_tree()
    {
        TrainingTable table = Samples.Mixed(ModelTask.Regression, 5_000, 8);
        foreach (Tree tree in Trees(table, Regressor, ("num_trees", "5"), ("max_leaves", "7"), ("min_data_in_leaf", "300")).Trees)
        {
            Assert.That(tree.Leaves, Has.Length.InRange(2, 7));
            Assert.That(tree.Leaves.Select(leaf => leaf.Cover), Is.All.AtLeast(300));
            Assert.That(tree.Leaves.Sum(leaf => leaf.Cover), Is.EqualTo(5_000));
        }
        TreeStructure shallow = Trees(table, Regressor, ("num_trees", "5"), ("max_leaves", "1000"), ("max_tree_depth", "3"), ("min_data_in_leaf", "1"));
        Assert.That(TreeDepth.Of(shallow), Is.EqualTo(3));
        Assert.That(Trees(table, Regressor, ("num_trees", "5"), ("min_split_gain", "1e9")).Trees.Single().Splits, Is.Empty, "no split gains so much, and nothing changes any more");
    }

    // In a classifier the rows of a leaf differ in their second derivatives: counts must hold all the same.
    [Test]
    public void Leaves_have_rows_enough_where_derivatives_differ()
    {
        TrainingTable table = Classes(Samples.Numbers(ModelTask.Regression, 3_000, 3, 9), 2);
        foreach (Tree tree in Trees(table, Classifier, ("num_trees", "20"), ("learn_rate", "0.5"), ("min_data_in_leaf", "25")).Trees)
            Assert.That(tree.Leaves.Select(leaf => leaf.Cover), Is.All.AtLeast(25));
    }

    [Test]
    public void A_step_is_found_exactly()
    {
        double?[] x = [.. Enumerable.Range(0, 1_000).Select(i => (double?)i)];
        double?[] y = [.. Enumerable.Range(0, 1_000).Select(i => (double?)(i < 300 ? -2 : 5))];
        TreeStructure trees = Trees(new([("x", x)], ("y", y)), Regressor, ("num_trees", "1"), ("learn_rate", "1"), ("max_leaves", "2"), ("max_bins", "255"));
        TreeSplit split = trees.Trees.Single().Splits.Single();
        Assert.That(split.Threshold, Is.InRange(297, 303), "the cut of 255 bins that is next to the step");
        Assert.That(trees.Bases.Single(), Is.EqualTo(0.3 * -2 + 0.7 * 5).Within(1e-12));
    }

    [Test]
    public void Missing_values_go_where_they_fit()
    {
        double?[] x = [.. Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? null : (double?)(i % 4))];
        double?[] y = [.. Enumerable.Range(0, 400).Select(i => (double?)(i % 4 < 2 ? 10 : 0))];
        Tree tree = Trees(new([("x", x)], ("y", y)), Regressor, ("num_trees", "1"), ("learn_rate", "1")).Trees.Single();
        Assert.That(tree.Splits.Single().MissingLeft, Is.True);
        Assert.That(tree.Values.Order(), Is.EqualTo(new[] { -5.0, 5.0 }).Within(1e-3));
    }

    [Test]
    public void Levels_that_behave_alike_are_divided_at_once()
    {
        string[] levels = [.. Enumerable.Range(0, 2_000).Select(i => "level" + i % 20)];
        double?[] y = [.. Enumerable.Range(0, 2_000).Select(i => (double?)(i % 20 % 3 == 0 ? 1 : 0))];
        Tree tree = Trees(new([("t", levels)], ("y", y)), Regressor, ("num_trees", "1"), ("max_leaves", "2")).Trees.Single();
        Assert.That(tree.Splits.Single().Test, Is.EqualTo(SplitTest.InSet));
        Assert.That(tree.Leaves.Select(leaf => leaf.Cover).Order(), Is.EqualTo(new[] { 700.0, 1_300.0 }));
    }

    // Every packed derivative at its largest: the more rows, the larger their sums.
    [Test]
    public void Sums_do_not_overflow()
    {
        const int Rows = 500_000;
        double?[] constant = new double?[Rows];
        Array.Fill(constant, 1.5);
        double?[] y = [.. Enumerable.Range(0, Rows).Select(i => (double?)(i % 2 == 0 ? 1e9 : -3e9))];
        TrainingTable table = new([("x", constant)], ("y", y)) { Weights = [.. Enumerable.Repeat((double?)1_000, Rows)] };
        TreeStructure trees = (TreeStructure)table.Train(Regressor, TrainingTable.Options(Regressor, ("num_trees", "1"))).Model.Structure;
        Assert.That(trees.Bases.Single(), Is.EqualTo(-1e9).Within(1e-3));
        Assert.That(trees.Trees.Single().Values.Single(), Is.Zero.Within(1e9 * 1e-4), "the gradients cancel");
    }

    private static void Same(TrainingTable table, EstimatorInfo info, (string, string)[] options)
    {
        int[] order = [.. Enumerable.Range(0, table.Rows)];
        new Random(1).Shuffle(order);
        TrainingResult expected = table.Train(info, TrainingTable.Options(info, options));
        TrainingResult shuffled = table.Take(order).Train(info, TrainingTable.Options(info, options), threads: 3, slice: 1_777);
        Assert.That(ModelFormat.Write(shuffled.Model), Is.EqualTo(ModelFormat.Write(expected.Model)));
        Assert.That(shuffled.Iterations.Select(i => (i.Loss, i.EvalLoss)), Is.EqualTo(expected.Iterations.Select(i => (i.Loss, i.EvalLoss))));
    }

    private static TreeStructure Trees(TrainingTable table, EstimatorInfo info, params (string, string)[] options) =>
        (TreeStructure)table.Train(info, TrainingTable.Options(info, options)).Model.Structure;

    private static TrainingTable Positive(TrainingTable table) => table with { Label = ("label", Array.ConvertAll((double?[])table.Label.Values, y => (double?)Math.Abs(y!.Value))) };

    private static TrainingTable Classes(TrainingTable table, int classes)
    {
        double[] values = [.. ((double?[])table.Label.Values).Select(y => y!.Value)];
        double[] sorted = [.. values.Order()];
        return table with { Label = ("label", Array.ConvertAll(values, y => "class" + Math.Min(classes - 1, Array.BinarySearch(sorted, y) * classes / sorted.Length))) };
    }
}
