using System.Collections.Immutable;
using System.Globalization;
using MlSql.Planning.Binding;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Lowering;

/// <summary>The rows of EXPLAIN MODEL … ON.</summary>
public static class ImportanceRows
{
    /// <summary>The rows as a subquery.</summary>
    /// <param name="importance">What was measured.</param>
    /// <param name="loss">The loss's name.</param>
    /// <param name="rows">How many rows it was measured on.</param>
    /// <param name="losses">The loss of the rows as they are, then with the values of each feature exchanged; null for a feature that is not read.</param>
    public static string Print(BoundImportance importance, string loss, long rows, ImmutableArray<double?> losses)
    {
        var signature = importance.Score.Model.Model.Signature;
        double before = losses[0]!.Value;
        var features = signature.Features.Select((feature, i) => new FeatureImportance(feature.Name, losses[i + 1] - before ?? 0, null, losses[i + 1] is null ? "not read" : ""));
        ImmutableArray<object?> head = ["metric", loss, before, null, null, string.Create(CultureInfo.InvariantCulture, $"on {rows:N0} rows; importance = its rise when the feature's values are exchanged between rows")];
        return ConstantRows.Print(ImportanceListings.ImportanceColumns, [head, .. FeatureImportance.Ranked([.. features])]);
    }
}
