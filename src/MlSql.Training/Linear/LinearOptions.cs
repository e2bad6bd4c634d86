using System.Collections.Immutable;
using System.Globalization;
using MlSql.Models.Estimators;

namespace MlSql.Training.Linear;

/// <summary>The options of the linear family.</summary>
internal sealed record LinearOptions(double L2, int MaxIterations, double Tolerance)
{
    /// <summary>Above this many encoded columns the Gram matrix is not formed.</summary>
    public const int MaxGramColumns = 1_500;

    public static ImmutableArray<OptionInfo> Table { get; } =
    [
        new("l1_reg", OptionType.Number, "0", "Strength of the L1 penalty: l1_reg · |w|. Only 0 is carried out so far.") { Min = 0 },
        new("l2_reg", OptionType.Number, "0", "Strength of the L2 penalty: l2_reg / 2 · |w|², over standardised features, intercept free.") { Min = 0 },
        new("max_iterations", OptionType.Integer, "10000", "Stops training after this many iterations.") { Min = 1, Max = int.MaxValue },
        new("tolerance", OptionType.Number, "1e-8", "Stops training when an iteration changes the objective by less than this share of it.") { Min = 0, AboveMin = true, Max = 1 },
    ];

    /// <summary>Throws MLS3017 for an option that is not carried out.</summary>
    public static LinearOptions Of(OptionValues values, string estimator)
    {
        if (values.Number("l1_reg") != 0) throw TrainingErrors.NotCarriedOut(string.Create(CultureInfo.InvariantCulture, $"l1_reg = {values.Number("l1_reg")}"), estimator);
        return new(values.Number("l2_reg"), (int)Math.Min(int.MaxValue, values.Integer("max_iterations")), values.Number("tolerance"));
    }
}
