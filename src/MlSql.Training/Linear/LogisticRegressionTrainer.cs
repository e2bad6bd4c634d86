using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Linear;

/// <summary>
/// Binary logistic regression by Newton's method with halved steps where a whole one makes the loss larger. It begins at 0, and steps are of least norm, so
/// that a singular design ends at the solution of least norm.
/// </summary>
internal sealed class LogisticRegressionTrainer(TrainerPlan plan, LinearOptions options) : ITrainer
{
    private const int MaxHalvings = 40;

    // Below this mean loss the rows are separated for any purpose; contradicting rows cannot reach it.
    private const double SeparatedLoss = 1e-12;

    private readonly double[] _point = new double[plan.Shape.Columns + 1];
    private readonly double[] _step = new double[plan.Shape.Columns + 1];
    private double _objective = double.PositiveInfinity;
    private double _scale = 1;
    private int _halvings;
    private int _iteration;

    public static EstimatorInfo Info { get; } = new("logistic_regression", "LOGISTIC_REG", ModelTask.Classification,
        "Binary logistic regression: mean log loss + l2_reg / 2 · |w|², by Newton's method.", LinearOptions.Table);

    /// <summary>By the matrix, or without one where it would be too large. Throws MLS3017.</summary>
    public static ITrainer Create(TrainerPlan plan)
    {
        LinearOptions options = LinearOptions.Of(plan.Options, Info.Name);
        return plan.Shape.Columns <= LinearOptions.MaxGramColumns ? new LogisticRegressionTrainer(plan, options) : new ConjugateGradientTrainer(plan, options, Link.Logistic);
    }

    public long StateBytes => 3L * sizeof(double) * (GramSums.Length(plan.Shape, withLabel: false) + plan.Shape.Columns);

    public byte[] Init() => DoubleBytes.Pack(_point);

    public ITrainerState NewState() => new LogisticState(plan);

    public Round Step(ITrainerState merged, CancellationToken cancel)
    {
        LogisticState state = (LogisticState)merged;
        int n = plan.Shape.Columns;
        double[] candidate = Candidate();
        double squares = VectorMath.Dot(candidate.AsSpan(0, n), candidate.AsSpan(0, n));
        double objective = (state.High[n + 1] + state.Low[n + 1]) / plan.Weight + options.L2 / 2 * squares;

        // A rise in the last bits is rounding, not a step too far.
        if (!(objective <= _objective + 4e-16 * Math.Abs(_objective)))
        {
            if (_iteration == 0) throw TrainingErrors.NotFinite("the weights' sum is not finite");
            if (++_halvings > MaxHalvings) return new Done(StructureOf(_point), null, TrainingErrors.Stalled());
            _scale /= 2;
            return new Again(DoubleBytes.Pack(Candidate()), null);
        }

        bool converged = _iteration > 0 && _objective - objective <= options.Tolerance * Math.Abs(objective);
        IterationLoss progress = new(_iteration, objective, StructureOf(candidate));
        candidate.CopyTo(_point, 0);
        (_objective, _scale, _halvings) = (objective, 1, 0);
        if (options.L2 == 0 && objective < SeparatedLoss) return new Done(StructureOf(_point), progress, TrainingErrors.Separable());
        if (_iteration == options.MaxIterations) return new Done(StructureOf(_point), progress, converged ? null : TrainingErrors.IterationLimit(options.MaxIterations));
        FindStep(state, cancel);
        _iteration++;
        // Newton's error is squared by each step: the one that is at hand takes the solution to the last bits.
        return converged ? new Done(StructureOf(Candidate()), progress, null) : new Again(DoubleBytes.Pack(Candidate()), progress);
    }

    private double[] Candidate()
    {
        double[] candidate = new double[_point.Length];
        for (int i = 0; i < candidate.Length; i++) candidate[i] = _point[i] + _scale * _step[i];
        return candidate;
    }

    private LinearStructure StructureOf(double[] point) => CentredSystem.ToStructure(plan.Shape, point.AsSpan(0, plan.Shape.Columns), point[^1], Link.Logistic);

    private void FindStep(LogisticState state, CancellationToken cancel)
    {
        int n = plan.Shape.Columns;
        (double[] matrix, double[] means) = CentredSystem.Of(state.Sums, plan.Shape, plan.Weight, options.L2);
        double ofIntercept = (state.High[n] + state.Low[n]) / plan.Weight;
        double[] right = new double[n];
        for (int i = 0; i < n; i++) right[i] = -((state.High[i] + state.Low[i]) / plan.Weight + options.L2 * _point[i] - means[i] * ofIntercept);
        (double[] step, _) = SymmetricSolver.Solve(matrix, right, cancel);
        double curvature = state.Sums[n, n] / plan.Weight;
        double intercept = curvature > 0 ? -ofIntercept / curvature : 0;
        for (int i = 0; i < n; i++)
        {
            _step[i] = step[i];
            intercept -= means[i] * step[i];
        }
        _step[n] = intercept;
    }
}
