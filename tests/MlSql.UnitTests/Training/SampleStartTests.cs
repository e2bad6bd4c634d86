using MlSql.Models;
using MlSql.Training;
using MlSql.Training.Linear;
using MlSql.Training.Rows;

namespace MlSql.UnitTests.Training;

/// <summary>Logistic regression over many rows starts at the solution for a sample of the blocks, and ends where it ends from 0.</summary>
internal sealed class SampleStartTests
{
    private const int Rows = 36 * RowStore.BlockRows + 100;

    [Test]
    public void A_sample_saves_passes_and_changes_nothing_else()
    {
        TrainingTable table = Samples.Numbers(ModelTask.Classification, Rows, 2, 3);
        TrainingResult result = Train(table);
        AssertSolution(result, table);
        Assert.That(result.Iterations[0].Loss, Is.EqualTo(Math.Log(2)).Within(1e-15));
        Assert.That(result.Iterations.Select(i => i.Iteration), Is.EqualTo(Enumerable.Range(0, result.Iterations.Length)));
        Assert.That(result.Iterations, Has.Length.LessThanOrEqualTo(4));
    }

    [Test]
    public void A_sample_that_misleads_is_left()
    {
        TrainingTable table = Samples.Numbers(ModelTask.Classification, Rows, 2, 4);
        var labels = (string[])table.Label.Values;
        for (int i = 0; i < Rows; i++)
            if (i / RowStore.BlockRows % 16 == 0) labels[i] = labels[i] == "yes" ? "no" : "yes";
        AssertSolution(Train(table), table);
    }

    [Test]
    public void A_sample_of_one_class_is_left()
    {
        TrainingTable table = Samples.Numbers(ModelTask.Classification, Rows, 2, 5);
        var labels = (string[])table.Label.Values;
        for (int i = 0; i < Rows; i++)
            if (i / RowStore.BlockRows % 16 == 0) labels[i] = "no";
        AssertSolution(Train(table), table);
    }

    private static TrainingResult Train(TrainingTable table) => table.Train("logistic_regression");

    private static void AssertSolution(TrainingResult result, TrainingTable table)
    {
        var actual = (LinearStructure)result.Model.Structure;
        var expected = (LinearStructure)StatesByHand.Train(Trainers.All.OfType<LinearEntry>().Single(e => e.Info.Name == "logistic_regression"), table, throughBytes: false);
        Assert.That(actual.Weights, Is.EqualTo(expected.Weights).Within(1e-11));
        Assert.That(actual.Intercept, Is.EqualTo(expected.Intercept).Within(1e-11));
    }
}
