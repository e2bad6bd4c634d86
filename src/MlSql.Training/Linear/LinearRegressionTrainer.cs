using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Training.Rounds;

namespace MlSql.Training.Linear;

/// <summary>
/// Least squares with an L2 penalty by the normal equations of standardised columns: one pass, then one solve. A singular design gives the solution of least norm.
/// </summary>
internal sealed class LinearRegressionTrainer(TrainerPlan plan, LinearOptions options) : ITrainer
{
    public static EstimatorInfo Info { get; } = new("linear_regression", "LINEAR_REG", ModelTask.Regression,
        "Linear least squares: mean of half the squared error + l2_reg / 2 · |w|², solved exactly.", LinearOptions.Table);

    /// <summary>By the matrix, or without one where it would be too large. Throws MLS3017.</summary>
    public static ITrainer Create(TrainerPlan plan)
    {
        LinearOptions options = LinearOptions.Of(plan.Options, Info.Name);
        return plan.Shape.Columns <= LinearOptions.MaxGramColumns ? new LinearRegressionTrainer(plan, options) : new ConjugateGradientTrainer(plan, options, Link.Identity);
    }

    public long StateBytes => 3L * sizeof(double) * GramSums.Length(plan.Shape, withLabel: true);

    public byte[] Init() => [];

    public ITrainerState NewState() => new GramState(plan);

    public Round Step(ITrainerState merged, CancellationToken cancel)
    {
        GramSums sums = ((GramState)merged).Sums;
        int n = plan.Shape.Columns, ones = n, label = n + 1;
        (double[] matrix, double[] means) = CentredSystem.Of(sums, plan.Shape, plan.Weight, options.L2);
        double labelMean = sums[ones, label] / sums[ones, ones];
        double[] right = new double[n];
        for (int i = 0; i < n; i++) right[i] = (sums[i, label] - sums[i, ones] * labelMean) / plan.Weight;
        (double[] weights, _) = SymmetricSolver.Solve(matrix, right, cancel);

        double intercept = plan.LabelMean + labelMean, explained = 0, squares = 0;
        for (int i = 0; i < n; i++)
        {
            intercept -= weights[i] * means[i];
            explained += weights[i] * right[i];
            squares += weights[i] * weights[i];
        }
        // At the minimum, mean ½(y - ŷ)² + l2/2·|w|² = (ȳ² spread - w·b) / 2.
        double spread = (sums[label, label] - sums[ones, label] * labelMean) / plan.Weight;
        double loss = Math.Max(options.L2 / 2 * squares, (spread - explained) / 2);
        if (!double.IsFinite(loss) || !double.IsFinite(intercept)) throw TrainingErrors.NotFinite("the squares of labels and features are not finite");
        LinearStructure structure = CentredSystem.ToStructure(plan.Shape, weights, intercept, Link.Identity);
        return new Done(structure, new(0, loss, structure), null);
    }
}
