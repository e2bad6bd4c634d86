using System.Diagnostics;
using System.Numerics;
using MlSql.Columnar;
using MlSql.Models.Featurizers;

namespace MlSql.Scoring.Featurizers;

/// <summary>Adds the weight of the row's level, of the NULL level where training had one, or 0.</summary>
internal sealed class OneHotKernel : FeatureKernel
{
    private readonly LevelTable _levels;

    // Weight of level i at i + 1; 0 for an unseen text at 0.
    private readonly double[] _weights;
    private readonly double _nullWeight;
    private readonly EnumMap<double> _weightOfValue;

    public OneHotKernel(OneHotFeaturizer featurizer, FeatureSource source, ReadOnlySpan<double> weights) : base(source)
    {
        _levels = new LevelTable(featurizer.Levels.AsSpan());
        _weights = [0, .. weights[..featurizer.Levels.Length]];
        _weightOfValue = new(value => _weights[_levels.Find(value)]);
        _nullWeight = featurizer.NullLevel ? weights[^1] : 0;
        foreach (double weight in weights)
            if (!double.IsFinite(weight)) throw ScoringErrors.Damaged($"a weight is not a finite number: {source.Name}");
    }

    public override void Add(in FeatureBlock block, Span<double> scores)
    {
        switch (block.Column.Type)
        {
            case NullType:
                for (int row = 0; row < block.Rows; row++) scores[row] += _nullWeight;
                break;
            case EnumType { IndexWidth: 1 } type:
                AddIndexes<byte>(block, _weightOfValue.Of(type), scores);
                break;
            case EnumType { IndexWidth: 2 } type:
                AddIndexes<ushort>(block, _weightOfValue.Of(type), scores);
                break;
            case EnumType type:
                AddIndexes<uint>(block, _weightOfValue.Of(type), scores);
                break;
            case StringType:
                AddTexts(block, scores);
                break;
            default:
                throw new UnreachableException(block.Column.Type.ToString());
        }
    }

    private void AddTexts(in FeatureBlock block, Span<double> scores)
    {
        var column = block.Column;
        double[] weights = _weights;
        for (int row = 0; row < block.Rows; row++)
            scores[row] += block.IsValid(row) ? weights[_levels.Find(column.Text(block.Start + row))] : _nullWeight;
    }

    private void AddIndexes<T>(in FeatureBlock block, double[] weights, Span<double> scores) where T : unmanaged, IBinaryInteger<T>
    {
        var indexes = block.Column.Values<T>().Slice(block.Start, block.Rows);
        for (int row = 0; row < indexes.Length; row++)
            scores[row] += block.IsValid(row) ? weights[int.CreateTruncating(indexes[row])] : _nullWeight;
    }
}
