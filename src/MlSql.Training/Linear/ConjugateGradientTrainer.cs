using MlSql.Models;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Linear;

/// <summary>
/// Newton's method whose steps come from conjugate gradients on the normal equations with the intercept eliminated (Nocedal and Wright, "Numerical Optimization",
/// §7.1): a pass over the rows a product, no matrix. Everything begins at 0, so that a singular design ends at the solution of least norm.
/// </summary>
internal sealed class ConjugateGradientTrainer(TrainerPlan plan, LinearOptions options, Link link) : ITrainer
{
    private const int MaxProducts = 1_000;
    private const int MaxHalvings = 40;
    private const double SeparatedLoss = 1e-12;

    private const double LoosestStep = 1e-2;

    // Of the first gradient: what is left below this is rounding.
    private const double Negligible = 1e-13;

    // Of the steepest direction's bend.
    private const double Flat = 1e-12;

    private readonly int _n = plan.Shape.Columns;
    private readonly double[] _point = StartAt(plan, link);
    private readonly double[] _step = new double[plan.Shape.Columns + 1];
    private readonly double[] _residual = new double[plan.Shape.Columns];
    private readonly double[] _direction = new double[plan.Shape.Columns];
    private readonly double[] _columnSums = new double[plan.Shape.Columns];
    private double _steepest;
    private double _curvature;
    private double _interceptGradient;
    private double _residualSquare;
    private double _target;
    private double _firstGradient = -1;
    private double _objective = double.PositiveInfinity;
    private double _scale = 1;
    private int _products = -1; // -1: the next state holds a gradient
    private int _halvings;
    private int _iteration;
    private bool _converged;

    public long StateBytes => 3L * sizeof(double) * PassState.Length(plan);

    public byte[] Init() => DoubleBytes.Pack(_point);

    public ITrainerState NewState() => new PassState(plan, link);

    public Round Step(ITrainerState merged, CancellationToken cancel)
    {
        PassState state = (PassState)merged;
        return _products < 0 ? TakeGradient(state) : TakeProduct(state);
    }

    private Round TakeGradient(PassState state)
    {
        double[] candidate = Candidate();
        double objective = state[2 * _n + 2] / plan.Weight + options.L2 / 2 * VectorMath.Dot(candidate.AsSpan(0, _n), candidate.AsSpan(0, _n));
        if (!(objective <= _objective + 4e-16 * Math.Abs(_objective)))
        {
            if (_iteration == 0) throw TrainingErrors.NotFinite("the loss is not finite");
            if (_converged || ++_halvings > MaxHalvings) return new Done(StructureOf(_point), null, _converged ? null : TrainingErrors.Stalled());
            _scale /= 2;
            return new Again(DoubleBytes.Pack(Candidate()), null);
        }
        bool last = _converged;
        _converged = _iteration > 0 && _objective - objective <= options.Tolerance * Math.Abs(objective);
        candidate.CopyTo(_point, 0);
        (_objective, _scale, _halvings) = (objective, 1, 0);
        IterationLoss progress = new(_iteration, objective, StructureOf(_point));
        if (last && _converged) return new Done(progress.Structure, progress, null);
        if (link == Link.Logistic && options.L2 == 0 && objective < SeparatedLoss) return new Done(progress.Structure, progress, TrainingErrors.Separable());
        if (_iteration == options.MaxIterations) return new Done(progress.Structure, progress, _converged ? null : TrainingErrors.IterationLimit(options.MaxIterations));
        if (!BeginStep(state)) return new Done(progress.Structure, progress, null);
        _iteration++;
        return new Again(Product(), progress);
    }

    private Again TakeProduct(PassState state)
    {
        double ofOnes = state[2 * _n] / plan.Weight;
        double[] product = new double[_n];
        for (int i = 0; i < _n; i++)
            product[i] = state[i] / plan.Weight - (_curvature > 0 ? _columnSums[i] * (ofOnes / _curvature) : 0) + options.L2 * _direction[i];
        double bend = VectorMath.Dot(_direction, product);
        // Along a direction that no column spans, all that is left is rounding; following it would leave the solution of least norm.
        double steepness = bend / VectorMath.Dot(_direction, _direction);
        _steepest = Math.Max(_steepest, steepness);
        bool flat = !(steepness > Flat * _steepest);
        if (!flat)
        {
            double length = _residualSquare / bend;
            VectorMath.AddScaled(_step.AsSpan(0, _n), _direction, length);
            VectorMath.AddScaled(_residual, product, -length);
            double square = VectorMath.Dot(_residual, _residual), factor = square / _residualSquare;
            for (int i = 0; i < _n; i++) _direction[i] = _residual[i] + factor * _direction[i];
            _residualSquare = square;
        }
        if (!flat && _residualSquare > _target && ++_products < MaxProducts) return new(Product(), null);
        _step[_n] = _curvature > 0 ? -(_interceptGradient + VectorMath.Dot(_columnSums, _step.AsSpan(0, _n))) / _curvature : 0;
        _products = -1;
        return new(DoubleBytes.Pack(Candidate()), null);
    }

    // False when the gradient is 0.
    private bool BeginStep(PassState state)
    {
        _curvature = state[2 * _n + 1] / plan.Weight;
        _interceptGradient = state[2 * _n] / plan.Weight;
        for (int i = 0; i < _n; i++)
        {
            _columnSums[i] = state[_n + i] / plan.Weight;
            double mean = _curvature > 0 ? _columnSums[i] / _curvature : 0;
            _residual[i] = -(state[i] / plan.Weight + options.L2 * _point[i] - mean * _interceptGradient);
        }
        _residual.CopyTo(_direction, 0);
        _step.AsSpan().Clear();
        _residualSquare = VectorMath.Dot(_residual, _residual);
        double gradient = Math.Sqrt(_residualSquare);
        if (_firstGradient < 0) _firstGradient = gradient;
        if (gradient <= Negligible * _firstGradient && Math.Abs(_interceptGradient) <= Negligible * Math.Max(_firstGradient, double.Epsilon)) return false;
        // Least squares takes one exact step; Newton's steps need no more accuracy than they are worth.
        double target = link == Link.Identity ? 0 : Math.Min(LoosestStep, gradient / _firstGradient) * gradient;
        target = Math.Max(target, Negligible * _firstGradient);
        _target = target * target;
        _products = 0;
        return true;
    }

    private byte[] Product() => DoubleBytes.Pack([.. _point, .. _direction]);

    private double[] Candidate()
    {
        double[] candidate = new double[_n + 1];
        for (int i = 0; i < candidate.Length; i++) candidate[i] = _point[i] + _scale * _step[i];
        return candidate;
    }

    private LinearStructure StructureOf(double[] point) => CentredSystem.ToStructure(plan.Shape, point.AsSpan(0, _n), point[_n], link);

    // Least squares begins at the label's mean: the squares of large labels would drown the rest.
    private static double[] StartAt(TrainerPlan plan, Link link)
    {
        double[] point = new double[plan.Shape.Columns + 1];
        if (link == Link.Identity) point[^1] = plan.LabelMean;
        return point;
    }
}
