using MlSql.Models.Trees;
using MlSql.Training.Kernels;

namespace MlSql.Training.Trees;

/// <summary>
/// What boosting minimises: the loss of a row, its first and second derivative by the score. All numbers of a row depend on that row alone. Scores are by output, then by row; labels are values or indexes of classes; weights are empty where
/// every row weighs 1.
/// </summary>
internal abstract class Objective(int outputs)
{
    /// <summary>Scores a row.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>What the scores become.</summary>
    public abstract TreeLink Link { get; }

    /// <summary>The scores without any tree. Throws MLS3022 for labels that the objective cannot take.</summary>
    public abstract double[] Bases(ReadOnlySpan<double> labels, ReadOnlySpan<double> weights);

    /// <summary>Writes the weighted derivatives of one output for some rows.</summary>
    public abstract void Derivatives(int output, double[][] scores, int start, ReadOnlySpan<double> shared, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> gradients, Span<double> hessians);

    /// <summary>
    /// Writes what all outputs' derivatives and losses of some rows share, one number a row; <see cref="Derivatives"/> and <see cref="Losses"/> are given it. Of one output nothing is shared, and nothing is written.
    /// </summary>
    public virtual void Share(double[][] scores, int start, Span<double> shared)
    {
    }

    /// <summary>Writes the weighted losses of some rows.</summary>
    public abstract void Losses(double[][] scores, int start, ReadOnlySpan<double> shared, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> losses);

    /// <summary>The objective that the options name, for so many classes; 0 for a regression.</summary>
    public static Objective Of(BoostingOptions options, int classes) => options.Objective switch
    {
        "auto" when classes == 0 => new SquaredError(),
        "auto" when classes == 2 => new LogLoss(),
        "auto" => new SoftmaxLoss(classes),
        "squared_error" => new SquaredError(),
        "poisson" => new PoissonLoss(),
        "quantile" => new QuantileLoss(options.Alpha),
        "logistic" when classes == 2 => new LogLoss(),
        "logistic" => throw TrainingErrors.ObjectiveClasses(options.Objective, classes),
        "softmax" => new SoftmaxLoss(classes),
        _ => throw new System.Diagnostics.UnreachableException(options.Objective),
    };

    /// <summary>Σ weight · label / Σ weight, the same in any order of the rows.</summary>
    protected static double Mean(ReadOnlySpan<double> labels, ReadOnlySpan<double> weights)
    {
        if (weights.IsEmpty) return FixedPointSum.Of(labels) / labels.Length;
        double[] products = new double[labels.Length];
        for (int i = 0; i < products.Length; i++) products[i] = weights[i] * labels[i];
        return FixedPointSum.Of(products) / FixedPointSum.Of(weights);
    }

    protected static double Weighted(ReadOnlySpan<double> weights, int row, double value) => weights.IsEmpty ? value : weights[row] * value;
}

/// <summary>(label − score)² / 2.</summary>
internal sealed class SquaredError() : Objective(1)
{
    public override TreeLink Link => TreeLink.Identity;

    public override double[] Bases(ReadOnlySpan<double> labels, ReadOnlySpan<double> weights) => [Mean(labels, weights)];

    public override void Derivatives(int output, double[][] scores, int start, ReadOnlySpan<double> shared, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> gradients, Span<double> hessians)
    {
        ReadOnlySpan<double> score = scores[0].AsSpan(start, labels.Length);
        for (int i = 0; i < labels.Length; i++)
        {
            gradients[i] = Weighted(weights, i, score[i] - labels[i]);
            hessians[i] = Weighted(weights, i, 1);
        }
    }

    public override void Losses(double[][] scores, int start, ReadOnlySpan<double> shared, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> losses)
    {
        ReadOnlySpan<double> score = scores[0].AsSpan(start, labels.Length);
        for (int i = 0; i < labels.Length; i++) losses[i] = Weighted(weights, i, (score[i] - labels[i]) * (score[i] - labels[i]) / 2);
    }
}

/// <summary>e^score − label · score; labels are counts, and not negative.</summary>
internal sealed class PoissonLoss() : Objective(1)
{
    // As LightGBM's poisson_max_delta_step: the second derivative is taken this far ahead, so that no step overshoots.
    private static readonly double s_ahead = Elementary.Exp(0.7);

    public override TreeLink Link => TreeLink.Exponential;

    public override double[] Bases(ReadOnlySpan<double> labels, ReadOnlySpan<double> weights)
    {
        foreach (double label in labels)
            if (label < 0) throw TrainingErrors.NegativeCount(label);
        double mean = Mean(labels, weights);
        return mean > 0 ? [Elementary.Log(mean)] : throw TrainingErrors.AllZero();
    }

    public override void Derivatives(int output, double[][] scores, int start, ReadOnlySpan<double> shared, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> gradients, Span<double> hessians)
    {
        Span<double> means = gradients[..labels.Length];
        scores[0].AsSpan(start, labels.Length).CopyTo(means);
        Elementary.Exp(means);
        for (int i = 0; i < labels.Length; i++)
        {
            hessians[i] = Weighted(weights, i, means[i] * s_ahead);
            gradients[i] = Weighted(weights, i, means[i] - labels[i]);
        }
    }

    public override void Losses(double[][] scores, int start, ReadOnlySpan<double> shared, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> losses)
    {
        ReadOnlySpan<double> score = scores[0].AsSpan(start, labels.Length);
        score.CopyTo(losses);
        Elementary.Exp(losses[..labels.Length]);
        for (int i = 0; i < labels.Length; i++) losses[i] = Weighted(weights, i, losses[i] - labels[i] * score[i]);
    }
}

/// <summary>α · (label − score) above the score, (1 − α) · (score − label) below it (Koenker, Bassett: Regression quantiles, 1978).</summary>
internal sealed class QuantileLoss(double alpha) : Objective(1)
{
    public override TreeLink Link => TreeLink.Identity;

    public override double[] Bases(ReadOnlySpan<double> labels, ReadOnlySpan<double> weights) => [Quantile([.. labels], [.. weights])];

    public override void Derivatives(int output, double[][] scores, int start, ReadOnlySpan<double> shared, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> gradients, Span<double> hessians)
    {
        ReadOnlySpan<double> score = scores[0].AsSpan(start, labels.Length);
        for (int i = 0; i < labels.Length; i++)
        {
            gradients[i] = Weighted(weights, i, score[i] < labels[i] ? -alpha : 1 - alpha);
            hessians[i] = Weighted(weights, i, 1);
        }
    }

    public override void Losses(double[][] scores, int start, ReadOnlySpan<double> shared, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> losses)
    {
        ReadOnlySpan<double> score = scores[0].AsSpan(start, labels.Length);
        for (int i = 0; i < labels.Length; i++) losses[i] = Weighted(weights, i, Math.Max(alpha * (labels[i] - score[i]), (alpha - 1) * (labels[i] - score[i])));
    }

    /// <summary>The least value that at least α of the weight does not exceed; the arrays are put in order.</summary>
    public double Quantile(double[] values, double[] weights)
    {
        if (weights.Length == 0)
        {
            Array.Sort(values);
            return values[Math.Clamp((int)Math.Ceiling(alpha * values.Length) - 1, 0, values.Length - 1)];
        }
        Array.Sort(values, weights);
        double heaviest = weights.Max();
        FixedPointSum total = new(FixedPointSum.ScaleOf(heaviest)), below = new(FixedPointSum.ScaleOf(heaviest));
        foreach (double weight in weights) total.Add(weight);
        for (int i = 0; i < values.Length; i++)
        {
            below.Add(weights[i]);
            // Equal values count together, so that their order does not matter.
            if ((i + 1 == values.Length || values[i + 1] != values[i]) && below.Value >= alpha * total.Value) return values[i];
        }
        return values[^1];
    }
}

/// <summary>Log loss of two classes.</summary>
internal sealed class LogLoss() : Objective(1)
{
    public override TreeLink Link => TreeLink.Logistic;

    public override double[] Bases(ReadOnlySpan<double> labels, ReadOnlySpan<double> weights)
    {
        double mean = Mean(labels, weights);
        return [Elementary.Log(mean) - Elementary.Log(1 - mean)];
    }

    public override void Derivatives(int output, double[][] scores, int start, ReadOnlySpan<double> shared, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> gradients, Span<double> hessians) =>
        LogLossKernel.Derivatives(scores[0].AsSpan(start, labels.Length), labels, weights, gradients, hessians);

    public override void Losses(double[][] scores, int start, ReadOnlySpan<double> shared, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> losses) =>
        LogLossKernel.Losses(scores[0].AsSpan(start, labels.Length), labels, weights, losses);
}

/// <summary>Cross-entropy of the softmax of several scores; what its derivatives share is the logarithm of Σ e^score.</summary>
internal sealed class SoftmaxLoss(int classes) : Objective(classes)
{
    private const int Tile = 256;
    private const double LeastShare = 1e-15;

    // Friedman's factor: the scores of all classes move at once.
    private readonly double _factor = classes / (classes - 1.0);

    public override TreeLink Link => TreeLink.Softmax;

    public override double[] Bases(ReadOnlySpan<double> labels, ReadOnlySpan<double> weights)
    {
        double heaviest = weights.IsEmpty ? 1 : 0;
        foreach (double weight in weights) heaviest = Math.Max(heaviest, weight);
        var sums = new FixedPointSum[Outputs];
        Array.Fill(sums, new FixedPointSum(FixedPointSum.ScaleOf(heaviest)));
        for (int i = 0; i < labels.Length; i++) sums[(int)labels[i]].Add(Weighted(weights, i, 1));
        double total = sums.Sum(sum => sum.Value);
        // A class without any weight in the training rows stays as good as impossible.
        return [.. sums.Select(sum => Elementary.Log(Math.Max(sum.Value / total, LeastShare)))];
    }

    public override void Share(double[][] scores, int start, Span<double> shared)
    {
        Span<double> sums = stackalloc double[Tile], terms = stackalloc double[Tile];
        for (int from = 0; from < shared.Length; from += Tile)
        {
            Span<double> largest = shared[from..Math.Min(shared.Length, from + Tile)];
            scores[0].AsSpan(start + from, largest.Length).CopyTo(largest);
            for (int k = 1; k < scores.Length; k++)
                for (int i = 0; i < largest.Length; i++) largest[i] = Math.Max(largest[i], scores[k][start + from + i]);
            sums.Clear();
            for (int k = 0; k < scores.Length; k++)
            {
                Span<double> ofClass = terms[..largest.Length];
                for (int i = 0; i < ofClass.Length; i++) ofClass[i] = scores[k][start + from + i] - largest[i];
                Elementary.Exp(ofClass);
                for (int i = 0; i < ofClass.Length; i++) sums[i] += ofClass[i];
            }
            Elementary.Log(sums[..largest.Length]);
            for (int i = 0; i < largest.Length; i++) largest[i] += sums[i];
        }
    }

    public override void Derivatives(int output, double[][] scores, int start, ReadOnlySpan<double> shared, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> gradients, Span<double> hessians)
    {
        Span<double> probabilities = hessians[..labels.Length];
        Probabilities(output, scores, start, shared, probabilities);
        for (int i = 0; i < labels.Length; i++)
        {
            double p = probabilities[i];
            gradients[i] = Weighted(weights, i, labels[i] == output ? p - 1 : p);
            hessians[i] = Weighted(weights, i, _factor * p * Math.Max(0, 1 - p));
        }
    }

    public override void Losses(double[][] scores, int start, ReadOnlySpan<double> shared, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Span<double> losses)
    {
        for (int i = 0; i < labels.Length; i++) losses[i] = Weighted(weights, i, shared[i] - scores[(int)labels[i]][start + i]);
    }

    /// <summary>Writes the probability of one class for some rows.</summary>
    public static void Probabilities(int output, double[][] scores, int start, ReadOnlySpan<double> shared, Span<double> into)
    {
        for (int i = 0; i < into.Length; i++) into[i] = scores[output][start + i] - shared[i];
        Elementary.Exp(into);
    }
}
