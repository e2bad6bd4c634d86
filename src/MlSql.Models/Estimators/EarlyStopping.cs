namespace MlSql.Models.Estimators;

/// <summary>Training ends where <paramref name="Metric"/> of the eval rows has not become better by more than <paramref name="MinDelta"/> for so many iterations; the model is that of the best one.</summary>
/// <param name="Rounds">Iterations without a better one, from 1.</param>
/// <param name="MinDelta">What counts as better, from 0.</param>
/// <param name="Metric">One of the estimator's <see cref="EstimatorInfo.StoppingMetrics"/>.</param>
public sealed record EarlyStopping(int Rounds, double MinDelta, string Metric);
