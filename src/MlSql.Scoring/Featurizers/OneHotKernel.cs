using System.Diagnostics;
using System.Numerics;
using System.Text;
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
    private volatile EnumWeights? _lastEnum;

    public OneHotKernel(OneHotFeaturizer featurizer, FeatureSource source, ReadOnlySpan<double> weights) : base(source)
    {
        _levels = new LevelTable(featurizer.Levels.AsSpan());
        _weights = [0, .. weights[..featurizer.Levels.Length]];
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
                AddIndexes<byte>(block, EnumOf(type), scores);
                break;
            case EnumType { IndexWidth: 2 } type:
                AddIndexes<ushort>(block, EnumOf(type), scores);
                break;
            case EnumType type:
                AddIndexes<uint>(block, EnumOf(type), scores);
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

    // Blocks of one query share the type's value array, so the newest mapping is nearly always the wanted one.
    private double[] EnumOf(EnumType type)
    {
        if (_lastEnum is { } last && last.Values == type.Values) return last.Weights;
        double[] weights = new double[type.Values.Length];
        for (int i = 0; i < weights.Length; i++) weights[i] = _weights[_levels.Find(Encoding.UTF8.GetBytes(type.Values[i]))];
        _lastEnum = new EnumWeights(type.Values, weights);
        return weights;
    }

    private sealed record EnumWeights(System.Collections.Immutable.ImmutableArray<string> Values, double[] Weights);
}
