using MlSql.Columnar;

namespace MlSql.Rows;

/// <summary>What scoring writes for one row. For one thread at a time.</summary>
internal sealed class RowAnswer(DataType value, int scores, bool hasClasses)
{
    private static readonly DataType Number = new FloatType(64);

    /// <summary>Raw scores of kernels.</summary>
    public double[] Scores { get; } = new double[scores];

    /// <summary>A copy of them: writing an output changes them.</summary>
    public double[] Copy { get; } = new double[scores];

    /// <summary>What PREDICT gives.</summary>
    public PredictedColumn Value { get; } = new(value);

    /// <summary>What PREDICT_PROBA gives; null for a model without classes.</summary>
    public PredictedColumn? Probabilities { get; } = hasClasses ? new(new ListType(Number)) : null;
}
