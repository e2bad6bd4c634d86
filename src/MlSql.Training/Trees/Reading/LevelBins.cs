using System.Text;
using MlSql.Models.Featurizers;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees.Reading;

/// <summary>The bins of a text feature: each level has one, the rarest of many levels share <see cref="BinnedColumn.Rest"/>.</summary>
internal sealed class LevelBins
{
    private readonly TextDictionary _dictionary;
    private readonly byte[] _binOfCode;

    /// <summary>Learns from the levels' numbers of training rows, by code of the dictionary, which is not changed afterwards. Throws MLS3003 when there are none.</summary>
    public LevelBins(FeatureLeaf leaf, TextDictionary dictionary, ReadOnlySpan<long> rows, int maxBins)
    {
        _dictionary = dictionary;
        long[] counts = rows.ToArray();
        int[] seen = [.. Enumerable.Range(0, dictionary.Count).Where(code => counts[code] > 0)];
        if (seen.Length == 0) throw TrainingErrors.AllNull(leaf.Name);
        Array.Sort(seen, (a, b) => dictionary.Utf8(a).SequenceCompareTo(dictionary.Utf8(b)));

        // The most frequent ones, of equal ones those that come first.
        int most = Math.Min(maxBins, BinnedColumn.Rest);
        int[] kept = [.. seen.Select((code, level) => (Level: level, Count: counts[code])).OrderByDescending(l => l.Count).Take(most).Select(l => l.Level).Order()];
        byte[] binOfLevel = new byte[seen.Length];
        _binOfCode = new byte[dictionary.Count];
        Array.Fill(binOfLevel, BinnedColumn.Rest);
        Array.Fill(_binOfCode, BinnedColumn.Rest);
        for (int bin = 0; bin < kept.Length; bin++) binOfLevel[kept[bin]] = _binOfCode[seen[kept[bin]]] = (byte)bin;
        Column = new(kept.Length, [], [.. binOfLevel]);
        Featurizer = new(leaf.Feature, leaf.Path, [.. seen.Select(code => Encoding.UTF8.GetString(dictionary.Utf8(code)))]);
    }

    public BinnedColumn Column { get; }

    /// <summary>All levels, ascending.</summary>
    public LevelFeaturizer Featurizer { get; }

    /// <summary>For each code of another dictionary its bin.</summary>
    public byte[] BinsOf(TextDictionary other)
    {
        byte[] bins = new byte[other.Count];
        for (int code = 0; code < bins.Length; code++) bins[code] = _dictionary.Find(other.Utf8(code)) is var known and >= 0 ? _binOfCode[known] : BinnedColumn.Rest;
        return bins;
    }
}
