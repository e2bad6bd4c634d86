using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Linear;

/// <summary>
/// Binary logistic regression by Newton's method with halved steps where a whole one makes the loss larger. It begins at 0, or at the solution for a sample
/// of the blocks, and steps are of least norm, so that a singular design ends at the solution of least norm.
/// </summary>
internal sealed class LogisticRegressionTrainer(TrainerPlan plan, LinearOptions options, LogisticRegressionTrainer? sample) : ITrainer
{
    // With many rows, a sixteenth of them tells the solution nearly: on a million rows of 28 columns 3 passes over all rows instead of 7.
    private const int SampleStride = 16;
    private const int MinSampledRows = 16_384;
    private const int SampledRowsOfColumn = 64;

    // Of the tolerance: what Newton's next step would gain, where the step's own error is below the last bits.
    private const double NegligibleGain = 1e-4;

    private const int MaxHalvings = 40;

    // Below this mean loss the rows are separated for any purpose; contradicting rows cannot reach it.
    private const double SeparatedLoss = 1e-12;

    private readonly double[] _point = new double[plan.Shape.Columns + 1];
    private readonly double[] _step = new double[plan.Shape.Columns + 1];
    private double _objective = double.PositiveInfinity;
    private double _scale = 1;
    private int _halvings;
    private int _iteration;
    private double[] _result = [];
    private bool _sampling = sample is not null;
    private bool _warm; // the point at hand comes of the sample
    private bool _toldStart;

    public static EstimatorInfo Info { get; } = new("logistic_regression", "LOGISTIC_REG", ModelTask.Classification,
        "Binary logistic regression: mean log loss + l2_reg / 2 · |w|², by Newton's method.", LinearOptions.Table);

    /// <summary>By the matrix, or without one where it would be too large. Throws MLS3017.</summary>
    public static ITrainer Create(TrainerPlan plan)
    {
        LinearOptions options = LinearOptions.Of(plan.Options, Info.Name);
        return plan.Shape.Columns <= LinearOptions.MaxGramColumns ? new LogisticRegressionTrainer(plan, options, SampleOf(plan, options)) : new ConjugateGradientTrainer(plan, options, Link.Logistic);
    }

    public long StateBytes => 3L * sizeof(double) * (GramSums.Length(plan.Shape, withLabel: false) + plan.Shape.Columns);

    public byte[] Init() => DoubleBytes.Pack(_point);

    public int FirstStride => _sampling ? SampleStride : 1;

    public ITrainerState NewState() => new LogisticState(plan);

    public Round Step(ITrainerState merged, CancellationToken cancel) => _sampling ? SampleStep((LogisticState)merged, cancel) : FullStep((LogisticState)merged, cancel);

    private static LogisticRegressionTrainer? SampleOf(TrainerPlan plan, LinearOptions options) =>
        plan.Rows / SampleStride >= Math.Max(MinSampledRows, (long)SampledRowsOfColumn * plan.Shape.Columns) ? new(plan, options with { MaxIterations = 10, Tolerance = 1e-4 }, null) : null;

    private Again SampleStep(LogisticState state, CancellationToken cancel)
    {
        bool empty = !(state.Weight > 0);
        if (!empty && sample!.FullStep(state, cancel) is Again again) return new(again.Broadcast, null) { Stride = SampleStride };
        _sampling = false;
        if (empty) return new(Init(), null);
        // At 0 every row loses log 2.
        (_objective, _iteration, _warm, _toldStart) = (Elementary.Log(2), 1, true, true);
        sample!._result.CopyTo(_step, 0);
        return new(DoubleBytes.Pack(Candidate()), new(0, _objective, StructureOf(_point)));
    }

    private Round FullStep(LogisticState state, CancellationToken cancel)
    {
        int n = plan.Shape.Columns;
        double[] candidate = Candidate();
        double squares = VectorMath.Dot(candidate.AsSpan(0, n), candidate.AsSpan(0, n));
        double objective = state.Loss / state.Weight + options.L2 / 2 * squares;

        // A rise in the last bits is rounding, not a step too far.
        if (!(objective <= _objective + 4e-16 * Math.Abs(_objective)))
        {
            if (_warm) return StartAtZero();
            if (_iteration == 0) throw TrainingErrors.NotFinite("the weights' sum is not finite");
            if (++_halvings > MaxHalvings) return Finish(_point, null, TrainingErrors.Stalled());
            _scale /= 2;
            return new Again(DoubleBytes.Pack(Candidate()), null);
        }

        bool converged = _iteration > 0 && !_warm && _objective - objective <= options.Tolerance * Math.Abs(objective);
        IterationLoss? progress = _iteration == 0 && _toldStart ? null : new(_iteration, objective, StructureOf(candidate));
        candidate.CopyTo(_point, 0);
        (_objective, _scale, _halvings, _warm) = (objective, 1, 0, false);
        if (options.L2 == 0 && objective < SeparatedLoss) return Finish(_point, progress, TrainingErrors.Separable());
        if (_iteration == options.MaxIterations) return Finish(_point, progress, converged ? null : TrainingErrors.IterationLimit(options.MaxIterations));
        double gain = FindStep(state, cancel);
        converged |= _iteration > 0 && gain <= NegligibleGain * options.Tolerance * objective;
        _iteration++;
        // Newton's error is squared by each step: the one that is at hand takes the solution to the last bits.
        return converged ? Finish(Candidate(), progress, null) : new Again(DoubleBytes.Pack(Candidate()), progress);
    }

    // The sample misled.
    private Again StartAtZero()
    {
        _step.AsSpan().Clear();
        (_objective, _iteration, _warm) = (double.PositiveInfinity, 0, false);
        return new(Init(), null);
    }

    private Done Finish(double[] point, IterationLoss? progress, TrainingWarning? warning)
    {
        _result = point;
        return new(StructureOf(point), progress, warning);
    }

    private double[] Candidate()
    {
        double[] candidate = new double[_point.Length];
        for (int i = 0; i < candidate.Length; i++) candidate[i] = _point[i] + _scale * _step[i];
        return candidate;
    }

    private LinearStructure StructureOf(double[] point) => CentredSystem.ToStructure(plan.Shape, point.AsSpan(0, plan.Shape.Columns), point[^1], Link.Logistic);

    // Returns by how much the objective will fall, to second order.
    private double FindStep(LogisticState state, CancellationToken cancel)
    {
        int n = plan.Shape.Columns;
        (double[] matrix, double[] means) = CentredSystem.Of(state.Sums, plan.Shape, state.Weight, options.L2);
        double ofIntercept = state.Gradient(n) / state.Weight;
        double[] right = new double[n];
        for (int i = 0; i < n; i++) right[i] = -(state.Gradient(i) / state.Weight + options.L2 * _point[i] - means[i] * ofIntercept);
        (double[] step, _) = SymmetricSolver.Solve(matrix, right, cancel);
        double curvature = state.Sums[n, n] / state.Weight;
        double intercept = curvature > 0 ? -ofIntercept / curvature : 0;
        for (int i = 0; i < n; i++)
        {
            _step[i] = step[i];
            intercept -= means[i] * step[i];
        }
        _step[n] = intercept;
        return (VectorMath.Dot(right, step) + (curvature > 0 ? ofIntercept * ofIntercept / curvature : 0)) / 2;
    }
}
