using MlSql.Models;
using MlSql.Training;
using MlSql.Training.Linear;

namespace MlSql.UnitTests.Training;

/// <summary>Training without a matrix, for very many columns, against training with one.</summary>
internal sealed class WideDesignTests
{
    [TestCase("linear_regression", "0")]
    [TestCase("linear_regression", "0.01")]
    [TestCase("logistic_regression", "0")]
    [TestCase("logistic_regression", "0.01")]
    public void Conjugate_gradients_end_where_the_matrix_does(string estimator, string l2)
    {
        LinearEntry entry = Trainers.All.OfType<LinearEntry>().Single(e => e.Info.Name == estimator);
        TrainingTable table = Samples.Mixed(entry.Info.Task, 3_000, 12);
        double?[] weights = [.. Enumerable.Range(0, table.Rows).Select(i => (double?)(1 + i % 3))];
        table = table with { Weights = weights, Features = table.Features.RemoveAll(f => f.Name == "day") };
        LinearEntry wide = new(entry.Info, plan => new ConjugateGradientTrainer(plan, LinearOptions.Of(plan.Options, estimator), estimator == "linear_regression" ? Link.Identity : Link.Logistic));
        LinearStructure expected = (LinearStructure)StatesByHand.Train(entry, table, false, l2), actual = (LinearStructure)StatesByHand.Train(wide, table, true, l2);
        for (int i = 0; i < expected.Weights.Length; i++) Assert.That(actual.Weights[i], Is.EqualTo(expected.Weights[i]).Within(1e-8), $"weight {i}");
        Assert.That(actual.Intercept, Is.EqualTo(expected.Intercept).Within(1e-8));
    }

    [TestCase("linear_regression")]
    [TestCase("logistic_regression")]
    public void Thousands_of_levels_train(string estimator)
    {
        ModelTask task = TrainingTable.Estimator(estimator).Task;
        TrainingTable table = Samples.Numbers(task, 12_000, 2, 13);
        string[] levels = [.. Enumerable.Range(0, table.Rows).Select(i => "level " + i * 7919 % 4_000)];
        TrainingResult result = (table with { Features = table.Features.Add(("many", levels)) }).Train(estimator, ("l2_reg", "0.001"));
        LinearStructure structure = (LinearStructure)result.Model.Structure;
        Assert.That(structure.Weights, Has.Length.EqualTo(4_002));
        Assert.That(structure.Weights.Skip(2).Sum(), Is.Zero.Within(1e-6));
        Assert.That(result.Warnings.Single().Code, Is.EqualTo("MLS3101"));
        Assert.That(result.Metrics.Single(m => m.Metric is "r2_score" or "roc_auc").Value, Is.GreaterThan(0.6));
    }
}
