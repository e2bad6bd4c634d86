using System.Collections.Immutable;

namespace MlSql.Planning.Binding;

/// <summary>How much a feature matters, for a row of EXPLAIN MODEL.</summary>
/// <param name="Name">The input.</param>
/// <param name="Importance">In the unit that the first row of the listing names.</param>
/// <param name="Splits">Splits on it; null where there are none to count.</param>
/// <param name="Detail">More about it.</param>
internal sealed record FeatureImportance(string Name, double Importance, long? Splits, string Detail)
{
    /// <summary>The rows of EXPLAIN MODEL below its first: the most important feature first, equal ones in the order given. A share is that of the sum of what is above 0.</summary>
    public static IEnumerable<ImmutableArray<object?>> Ranked(ImmutableArray<FeatureImportance> features)
    {
        double all = features.Sum(f => Math.Max(f.Importance, 0));
        return features.OrderByDescending(f => f.Importance).Select(f => ImmutableArray.Create<object?>("feature", f.Name, f.Importance, all > 0 ? Math.Max(f.Importance, 0) / all : null, f.Splits, f.Detail));
    }
}
