using System.Globalization;
using MlSql.Rows;

namespace MlSql;

/// <summary>What a model says of one row: what PREDICT, PREDICT_PROBA and PREDICTION_PROBABILITY give in SQL. Immutable.</summary>
public sealed class Prediction
{
    private readonly RowScoring _scoring;
    private readonly double[] _probabilities;
    private readonly double _number;
    private readonly object? _value;

    internal Prediction(RowScoring scoring, object? value, double[] probabilities) => (_scoring, _value, _probabilities) = (scoring, value, probabilities);

    internal Prediction(RowScoring scoring, double number, double[] probabilities) => (_scoring, _number, _probabilities, IsNumber) = (scoring, number, probabilities, true);

    /// <summary>
    /// What PREDICT gives: the class in the label's type (string, bool, a number), or the number; of an imported model its output, where lists are arrays and structs dictionaries. null for NULL, which a model
    /// answers where a NULL among its features allows no other answer.
    /// </summary>
    public object? Value => IsNumber ? _number : _value;

    /// <summary>The probability of the predicted class; of a model without classes null.</summary>
    public double? Probability => _scoring.ProbabilityOf(Value, _probabilities);

    /// <summary>The probabilities of all classes, in the order of <see cref="LoadedModel.Classes"/>; empty for a model without classes.</summary>
    public ReadOnlySpan<double> Probabilities => _probabilities;

    private bool IsNumber { get; }

    /// <summary>
    /// <see cref="Value"/> in a type: its own, or for a number any type of number that holds it exactly; null where <typeparamref name="T"/> allows it. Throws <see cref="MlSqlException"/> MLS7603 for any other type.
    /// </summary>
    public T? As<T>()
    {
        if (IsNumber && typeof(T) == typeof(double)) return (T)(object)_number;
        object? value = Value;
        if (value is T own) return own;
        if (value is null && default(T) is null) return default;
        return PredictedValue.Convert(value, typeof(T)) is T converted ? converted : throw RowErrors.OtherType(value, typeof(T));
    }

    /// <summary>The probability of one class, given as <see cref="LoadedModel.Classes"/> lists it or as its text. Throws <see cref="MlSqlException"/> MLS2010 for what is no class, MLS2011 of a model without classes.</summary>
    public double ProbabilityOf(object of)
    {
        ArgumentNullException.ThrowIfNull(of);
        int index = _scoring.ClassIndex(Convert.ToString(of, CultureInfo.InvariantCulture)!);
        // Where the features allow no answer there are no probabilities.
        return _probabilities.Length == 0 ? double.NaN : _probabilities[index];
    }

    /// <summary>The value as text, and the probability where there is one.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Value ?? "NULL"}") + (Probability is { } p ? string.Create(CultureInfo.InvariantCulture, $" ({p:0.####})") : "");
}
