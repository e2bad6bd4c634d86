using System.Collections.Immutable;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Featurizers;
using MlSql.Training;
using MlSql.Training.Linear;

namespace MlSql.UnitTests.Training;

/// <summary>What every trainer of the linear family keeps besides.</summary>
[TestFixtureSource(nameof(Entries))]
internal sealed class LinearContractTests(LinearEntry entry)
{
    private readonly EstimatorInfo _info = entry.Info;

    private static IEnumerable<LinearEntry> Entries => Trainers.All.OfType<LinearEntry>();

    private TrainingTable Mixed { get; } = Samples.Mixed(entry.Info.Task, 9_000, 3) with { Split = new(SplitMode.Random, 0.2, 0.1), Seed = 11 };

    [Test]
    public void Whole_weights_mean_repeated_rows()
    {
        TrainingTable table = Samples.Mixed(_info.Task, 500, 8);
        double?[] weights = [.. Enumerable.Range(0, table.Rows).Select(i => (double?)(i % 4))];
        int[] repeated = [.. Enumerable.Range(0, table.Rows).SelectMany(i => Enumerable.Repeat(i, i % 4))];
        TrainingResult weighted = Train(table with { Weights = weights }, "0.01"), rows = Train(table.Take(repeated), "0.01");
        AssertClose(weighted, rows, 1e-12);
        foreach ((SplitMetric a, SplitMetric b) in weighted.Metrics.Zip(rows.Metrics))
            Assert.That(a.Value, Is.EqualTo(b.Value).Within(1e-11 * Math.Abs(b.Value ?? 1)), a.Metric);
    }

    [Test]
    public void States_travel_as_bytes_without_loss()
    {
        TrainingTable table = Samples.Mixed(_info.Task, 20_000, 9);
        Assert.That(StatesByHand.Train(entry, table, throughBytes: true), Is.EqualTo(StatesByHand.Train(entry, table, throughBytes: false)));
    }

    [Test]
    public void A_constant_feature_weighs_nothing()
    {
        TrainingTable table = Samples.Numbers(_info.Task, 200, 2, 3);
        TrainingTable with = table with { Features = table.Features.Insert(1, ("constant", Enumerable.Repeat((double?)0.1, 200).ToArray())) };
        Model plain = Train(table).Model, model = Train(with).Model;
        Assert.That(model.Featurizers[1], Is.EqualTo(new NumericFeaturizer(1, [], 0.1, 0)));
        ImmutableArray<double> weights = ((LinearStructure)model.Structure).Weights;
        Assert.That(weights[1], Is.Zero);
        Assert.That(weights[0], Is.EqualTo(((LinearStructure)plain.Structure).Weights[0]).Within(1e-12));
    }

    [Test]
    public void A_column_given_twice_shares_its_weight()
    {
        TrainingTable table = Samples.Numbers(_info.Task, 500, 2, 4);
        TrainingTable twice = table with { Features = table.Features.Add(("again", table.Features[0].Values)) };
        LinearStructure once = (LinearStructure)Train(table).Model.Structure, both = (LinearStructure)Train(twice).Model.Structure;
        Assert.That(both.Weights[0], Is.EqualTo(once.Weights[0] / 2).Within(1e-10));
        Assert.That(both.Weights[2], Is.EqualTo(once.Weights[0] / 2).Within(1e-10));
        Assert.That(both.Weights[1], Is.EqualTo(once.Weights[1]).Within(1e-10));
    }

    [Test]
    public void Levels_of_a_text_sum_to_nothing_without_a_penalty()
    {
        LinearStructure structure = (LinearStructure)Train(new([("text", Mixed.Features[2].Values)], Mixed.Label)).Model.Structure;
        Assert.That(structure.Weights, Has.Length.EqualTo(6), "5 levels and NULL");
        Assert.That(structure.Weights.Sum(), Is.Zero.Within(1e-9));
        Assert.That(structure.Weights.Max(Math.Abs), Is.GreaterThan(0.01));
    }

    private TrainingResult Train(TrainingTable table, string l2 = "0") => table.Train(_info, Samples.Options(_info, l2));

    private static void AssertClose(TrainingResult actual, TrainingResult expected, double tolerance)
    {
        LinearStructure a = (LinearStructure)actual.Model.Structure, b = (LinearStructure)expected.Model.Structure;
        double size = b.Weights.Max(Math.Abs);
        for (int i = 0; i < b.Weights.Length; i++) Assert.That(a.Weights[i], Is.EqualTo(b.Weights[i]).Within(tolerance * size), $"weight {i}");
        Assert.That(a.Intercept, Is.EqualTo(b.Intercept).Within(tolerance * Math.Max(size, Math.Abs(b.Intercept))));
    }
}
