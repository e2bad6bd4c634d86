using System.Collections.Immutable;
using MlSql.Columnar.Memory;
using MlSql.Models;

namespace MlSql.Scoring.Featurizers;

/// <summary>Holds the columns that a scorer is given against the signature.</summary>
internal static class FeatureColumns
{
    /// <summary>Throws <see cref="Columnar.CodedException"/> (MLS4xxx) where there is another number of them, another type, or fewer rows.</summary>
    public static void Check(ImmutableArray<Feature> signature, ReadOnlySpan<ColumnView> features, int rows)
    {
        if (features.Length != signature.Length) throw ScoringErrors.ColumnCount(signature.Length, features.Length);
        for (int i = 0; i < features.Length; i++)
        {
            var feature = signature[i];
            if (!FeatureTypes.Accepts(feature.Type, features[i].Type)) throw ScoringErrors.ColumnType(feature.Name, FeatureNames.Of(feature.Type), features[i].Type);
            if (features[i].Length < rows) throw ScoringErrors.ColumnLength(feature.Name, rows, features[i].Length);
        }
    }
}
