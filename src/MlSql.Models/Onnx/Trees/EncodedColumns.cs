using System.Collections.Immutable;
using System.Text;
using MlSql.Models.Featurizers;

namespace MlSql.Models.Onnx.Trees;

/// <summary>The encoded columns that some symbolic columns need: one featurizer a feature, by the features' order, and the levels of texts.</summary>
internal sealed class EncodedColumns
{
    private readonly Dictionary<int, int> _firstColumn = [];
    private readonly Dictionary<int, Dictionary<string, int>> _levels = [];

    /// <summary>Lays the columns out. <paramref name="lengths"/>: the lengths of the features that are lists.</summary>
    public EncodedColumns(IEnumerable<SymbolicColumn> read, IReadOnlyDictionary<int, int> lengths)
    {
        SortedDictionary<int, HashSet<string>?> texts = [];
        foreach (SymbolicColumn column in read)
        {
            if (column is not (LevelColumn or TextColumn)) texts[column.Slot.Feature] = null;
            else if (!texts.ContainsKey(column.Slot.Feature)) texts.Add(column.Slot.Feature, new(StringComparer.Ordinal));
            if (column is LevelColumn level) texts[column.Slot.Feature]!.UnionWith(level.Levels.Keys);
        }
        var featurizers = ImmutableArray.CreateBuilder<Featurizer>();
        int width = 0;
        foreach ((int feature, HashSet<string>? levels) in texts)
        {
            _firstColumn[feature] = width;
            int length = lengths.GetValueOrDefault(feature, 1);
            width += length;
            if (levels is null)
            {
                featurizers.Add(new RawFeaturizer(feature, [], length));
                continue;
            }
            string[] sorted = [.. levels];
            Array.Sort(sorted, (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));
            _levels[feature] = sorted.Select((level, i) => (level, i)).ToDictionary(p => p.level, p => p.i, StringComparer.Ordinal);
            featurizers.Add(new LevelFeaturizer(feature, [], [.. sorted]));
        }
        Featurizers = featurizers.ToImmutable();
    }

    public ImmutableArray<Featurizer> Featurizers { get; }

    /// <summary>The encoded column of an input's element.</summary>
    public int IndexOf(InputSlot slot) => _firstColumn[slot.Feature] + slot.Position;

    /// <summary>The index of a text's level.</summary>
    public int LevelOf(InputSlot slot, string level) => _levels[slot.Feature][level];
}
