using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Featurizers;

namespace MlSql.Scoring.Featurizers;

/// <summary>Where a featurizer's input lies: a feature, or a field below it, found by its name since the order of fields may differ from the training's.</summary>
internal sealed class FeatureSource
{
    private readonly int _feature;
    private readonly string[] _path;

    public FeatureSource(ModelSignature signature, Featurizer featurizer)
    {
        if ((uint)featurizer.Feature >= (uint)signature.Features.Length) throw ScoringErrors.Damaged("a featurizer reads a feature that the signature does not have");
        var feature = signature.Features[featurizer.Feature];
        _feature = featurizer.Feature;
        _path = new string[featurizer.Path.Length];
        Name = feature.Name;
        for (int i = 0; i < _path.Length; i++)
        {
            if (feature.Type is not StructFeature parent || (uint)featurizer.Path[i] >= (uint)parent.Fields.Length) throw ScoringErrors.Damaged("a featurizer reads a field that the signature does not have");
            feature = parent.Fields[featurizer.Path[i]];
            _path[i] = feature.Name;
            Name += "." + feature.Name;
        }
        Type = feature.Type;
    }

    /// <summary>The feature's name and its fields', with dots.</summary>
    public string Name { get; }

    public FeatureType Type { get; }

    /// <summary>The feature's column where no field below it is read; null otherwise.</summary>
    public ColumnView? Whole(ReadOnlySpan<ColumnView> features) => _path.Length == 0 ? features[_feature] : null;

    /// <summary>Finds the column for a block and the rows that have a value; <paramref name="words"/> takes the mask where several must be joined.</summary>
    public FeatureBlock Resolve(ReadOnlySpan<ColumnView> features, int start, int rows, Span<ulong> words, Span<double> scratch)
    {
        var column = features[_feature];
        var validity = Validity(column, start, rows);
        foreach (string field in _path)
        {
            if (column.Type is NullType) break;
            column = column.Children[((StructType)column.Type).IndexOf(field)];
            var own = Validity(column, start, rows);
            if (own.IsEmpty) continue;
            if (validity.IsEmpty)
            {
                validity = own;
                continue;
            }
            var joined = words[..own.Length];
            for (int i = 0; i < joined.Length; i++) joined[i] = validity[i] & own[i];
            validity = joined;
        }
        return new FeatureBlock(column, start, rows, validity, scratch);
    }

    private static ReadOnlySpan<ulong> Validity(ColumnView column, int start, int rows) =>
        column.AllValid ? [] : column.Validity.Slice(start >> 6, (rows + 63) >> 6);
}
