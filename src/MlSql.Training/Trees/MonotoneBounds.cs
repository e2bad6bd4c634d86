using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Training.Trees.Reading;

namespace MlSql.Training.Trees;

/// <summary>
/// Which way the score may go with a column, as in XGBoost and LightGBM's basic method: a split by such a column is refused where its sides' values go the other way, and no value below it may pass the middle of the two. The score of a row is then monotone in
/// the column whatever its other values are; where missing values go is free.
/// </summary>
internal sealed class MonotoneDirections
{
    private readonly ImmutableArray<BinnedColumn> _columns;
    private readonly int[] _ofColumns;

    private MonotoneDirections(ImmutableArray<BinnedColumn> columns, int[] ofColumns) => (_columns, _ofColumns) = (columns, ofColumns);

    /// <summary>The directions that the options name; null for none. Throws MLS3029 for one of anything but a feature that is one number.</summary>
    public static MonotoneDirections? Of(TrainingSpec spec, TreeColumns columns)
    {
        Dictionary<string, int> wanted = spec.Options.Directions(BoostingOptions.Monotone).ToDictionary(d => d.Feature, d => d.Direction, StringComparer.Ordinal);
        if (wanted.Count == 0) return null;
        int[] ofColumns = new int[columns.Columns.Length];
        int column = 0;
        foreach (var featurizer in columns.Featurizers)
        {
            Field feature = spec.Features[featurizer.Feature];
            if (feature.Type is BooleanType or IntegerType or FloatType or DecimalType && wanted.Remove(feature.Name, out int direction)) ofColumns[column] = direction;
            column += featurizer.Width;
        }
        return wanted.Count == 0 ? new(columns.Columns, ofColumns) : throw TrainingErrors.NoDirection(wanted.Keys.Order(StringComparer.Ordinal).First());
    }

    /// <summary>1 where the bins above this one must not score less, −1 where not more, 0 where it does not matter: also where nothing but missing values is divided off.</summary>
    public int Of(int column, int bin) => bin == _columns[column].Bins - 1 ? 0 : _ofColumns[column];
}

/// <summary>What the values below a node may be, before the learn rate.</summary>
internal readonly record struct ValueBounds(double Lower, double Upper)
{
    /// <summary>Any value.</summary>
    public static ValueBounds Open { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    public bool IsOpen => double.IsNegativeInfinity(Lower) && double.IsPositiveInfinity(Upper);

    public double Clamp(double value) => Math.Min(Math.Max(value, Lower), Upper);

    /// <summary>The bounds of both sides of a split whose values would be these.</summary>
    public (ValueBounds Left, ValueBounds Right) Divide(int direction, double left, double right)
    {
        if (direction == 0) return (this, this);
        double middle = Clamp(left / 2 + right / 2);
        ValueBounds below = this with { Upper = middle }, above = this with { Lower = middle };
        return direction > 0 ? (below, above) : (above, below);
    }
}
