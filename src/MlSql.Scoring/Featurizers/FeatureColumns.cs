using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;

namespace MlSql.Scoring.Featurizers;

/// <summary>Holds the columns that a scorer is given against the signature. Safe for any number of threads at once.</summary>
internal sealed class FeatureColumns(ImmutableArray<Feature> signature)
{
    // The types that were accepted last: whoever scores row after row gives the very same ones.
    private readonly DataType?[] _accepted = new DataType?[signature.Length];

    /// <summary>Throws <see cref="CodedException"/> (MLS4xxx) where there is another number of them, another type, or fewer rows.</summary>
    public void Check(ReadOnlySpan<ColumnView> features, int rows)
    {
        if (features.Length != signature.Length) throw ScoringErrors.ColumnCount(signature.Length, features.Length);
        for (int i = 0; i < features.Length; i++)
        {
            var column = features[i];
            if (!ReferenceEquals(column.Type, _accepted[i])) Accept(i, column.Type);
            if (column.Length < rows) throw ScoringErrors.ColumnLength(signature[i].Name, rows, column.Length);
        }
    }

    private void Accept(int index, DataType type)
    {
        var feature = signature[index];
        if (!FeatureTypes.Accepts(feature.Type, type)) throw ScoringErrors.ColumnType(feature.Name, FeatureNames.Of(feature.Type), type);
        _accepted[index] = type;
    }
}
