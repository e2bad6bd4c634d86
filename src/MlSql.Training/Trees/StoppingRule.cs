using MlSql.Models.Estimators;
using MlSql.Models.Trees;
using MlSql.Training.Kernels;

namespace MlSql.Training.Trees;

/// <summary>
/// Ends training where the rows for evaluation have seen nothing better for some iterations, as in LightGBM and XGBoost (after Prechelt: Early stopping, but when?, 1998). What it looks at are sums of whole numbers: the same iteration is the best for any order of
/// the rows.
/// </summary>
internal sealed class StoppingRule
{
    private readonly EarlyStopping _wanted;
    private readonly Objective _objective;
    private readonly BoostedPart _eval;
    private double _least = double.PositiveInfinity;
    private double _scale;

    private StoppingRule(EarlyStopping wanted, Objective objective, BoostedPart eval) => (_wanted, _objective, _eval) = (wanted, objective, eval);

    /// <summary>The best iteration so far, from 1; 0 before the first.</summary>
    public int Best { get; private set; }

    /// <summary>The rule that is wanted, or null. Throws MLS3027 without rows for evaluation, MLS3028 where they weigh nothing.</summary>
    public static StoppingRule? Of(EarlyStopping? wanted, Objective objective, BoostedPart? eval)
    {
        if (wanted is null) return null;
        if (eval is null) throw TrainingErrors.NoEvalRows();
        return eval.Weight > 0 ? new(wanted, objective, eval) : throw TrainingErrors.NoEvalWeight();
    }

    /// <summary>Looks at the scores after an iteration, whose loss is given: true where it is the best so far. Throws MLS3022 where what it looks at is not finite.</summary>
    public bool IsBest(int iteration, double loss, CancellationToken cancel)
    {
        double measured = Measure(loss, cancel);
        // The first one counts whatever min_delta says.
        if (Best > 0 && !(measured < _least - _wanted.MinDelta)) return false;
        (_least, Best) = (measured, iteration);
        return true;
    }

    /// <summary>True where so many iterations brought nothing better.</summary>
    public bool IsOver(int iteration) => iteration - Best >= _wanted.Rounds;

    // The less the better.
    private double Measure(double loss, CancellationToken cancel) => _wanted.Metric switch
    {
        "loss" or "log_loss" => loss,
        "accuracy" => _eval.Mean(Wrong, ref _scale, cancel),
        "mean_squared_error" => _eval.Mean((rows, terms) => Errors(rows, terms, squared: true), ref _scale, cancel),
        "mean_absolute_error" => _eval.Mean((rows, terms) => Errors(rows, terms, squared: false), ref _scale, cancel),
        _ => throw new System.Diagnostics.UnreachableException(_wanted.Metric),
    };

    private void Errors(Range rows, Span<double> terms, bool squared)
    {
        _eval.Scores[0].AsSpan(rows).CopyTo(terms);
        if (_objective.Link == TreeLink.Exponential) Elementary.Exp(terms);
        ReadOnlySpan<double> labels = _eval.Labels.AsSpan(rows), weights = _eval.WeightsOf(rows);
        for (int i = 0; i < terms.Length; i++)
        {
            double error = Math.Abs(terms[i] - labels[i]);
            terms[i] = (weights.IsEmpty ? 1 : weights[i]) * (squared ? error * error : error);
        }
    }

    // 1 for a row of another class than the predicted one: of two classes the one of at least half, of more the likeliest, of equal ones the first.
    private void Wrong(Range rows, Span<double> terms)
    {
        double[][] scores = _eval.Scores;
        ReadOnlySpan<double> labels = _eval.Labels.AsSpan(rows), weights = _eval.WeightsOf(rows);
        for (int i = 0, row = rows.Start.Value; i < terms.Length; i++, row++)
        {
            int predicted = scores.Length == 1 && scores[0][row] >= 0 ? 1 : 0;
            for (int output = 1; output < scores.Length; output++)
                if (scores[output][row] > scores[predicted][row]) predicted = output;
            terms[i] = predicted == (int)labels[i] ? 0 : weights.IsEmpty ? 1 : weights[i];
        }
    }
}
