using System.Collections.Immutable;
using MlSql.Columnar.Memory;
using MlSql.Models;

namespace MlSql.Training.Metrics;

/// <summary>A metric's name and value; null where it is not defined (one class only, no rows).</summary>
public sealed record Metric(string Name, double? Value);

/// <summary>Gathers predictions and labels, batch by batch, and computes the metrics of dialect.md §3 in its order.</summary>
public sealed class Evaluation
{
    /// <summary>Prepares the metrics of a task; <paramref name="threshold"/> decides the positive class.</summary>
    public Evaluation(ModelTask task, ClassLabels? classes, double threshold) => throw new NotImplementedException($"{task} {classes} {threshold}");

    /// <summary>
    /// Takes a batch: the predicted value (regression) or the probability of the positive class as DOUBLE, the true label of any type of the label's kind, and the weights (DOUBLE) or null.
    /// Rows whose label is NULL are left out and counted. Throws MLS3xxx for a label that is none of the classes.
    /// </summary>
    public void Append(ColumnView prediction, ColumnView label, ColumnView? weight) => throw new NotImplementedException();

    /// <summary>Rows taken so far.</summary>
    public long Rows => throw new NotImplementedException();

    /// <summary>The metrics.</summary>
    public ImmutableArray<Metric> Finish() => throw new NotImplementedException();
}
