using System.Collections.Immutable;
using System.Text;
using MlSql.Models.Featurizers;
using MlSql.Training.Encoders;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees;

/// <summary>One feature's values and the bins of its encoded columns.</summary>
internal abstract class TreeSource(Featurizer featurizer, ImmutableArray<BinnedColumn> columns)
{
    public Featurizer Featurizer { get; } = featurizer;

    public ImmutableArray<BinnedColumn> Columns { get; } = columns;

    public ImmutableArray<TrainingWarning> Warnings { get; protected init; } = [];

    /// <summary>Writes the bins of a block's rows to the columns from <paramref name="column"/> on.</summary>
    public abstract void Bin(RowPart part, int block, BinnedRows rows, int column);

    /// <summary>Learns a feature's bins from the training rows whose hash <see cref="RowSample"/> takes. Throws MLS3003 for one without any value.</summary>
    public static TreeSource Of(RowStore store, FeatureColumn feature, ulong threshold, int maxBins, CancellationToken cancel) =>
        feature is TextFeatureColumn text ? LevelSource.Fit(text, maxBins) : NumberSource.Fit(store, feature, threshold, maxBins, cancel);
}

/// <summary>A feature of one or several columns of numbers.</summary>
internal sealed class NumberSource : TreeSource
{
    private readonly ImmutableArray<ImmutableArray<DenseSource>> _sources;

    private NumberSource(Featurizer featurizer, ImmutableArray<BinnedColumn> columns, ImmutableArray<ImmutableArray<DenseSource>> sources) : base(featurizer, columns) => _sources = sources;

    /// <inheritdoc cref="TreeSource.Of"/>
    public static NumberSource Fit(RowStore store, FeatureColumn feature, ulong threshold, int maxBins, CancellationToken cancel)
    {
        ImmutableArray<ImmutableArray<DenseSource>> sources = [.. Enumerable.Range(0, RowSelection.Parts).Select(part => DenseSource.Of(feature, part))];
        ChunkedArray<ulong> hashes = store.Hashes![(int)RowPart.Train];
        int width = feature.DenseColumns;
        var samples = Enumerable.Range(0, width).Select(_ => new List<double>()).ToArray();
        bool[] hasValue = new bool[width];
        double[] tile = new double[Math.Max(1, width) * Design.TileRows];
        for (int block = 0; block < hashes.Blocks; block++)
        {
            cancel.ThrowIfCancellationRequested();
            ReadOnlySpan<ulong> ofBlock = hashes.Block(block);
            for (int start = 0; start < ofBlock.Length; start += Design.TileRows)
            {
                int count = Math.Min(Design.TileRows, ofBlock.Length - start);
                Read(sources[(int)RowPart.Train], block, start, count, tile);
                for (int column = 0; column < width; column++)
                {
                    ReadOnlySpan<double> values = tile.AsSpan(column * Design.TileRows, count);
                    for (int i = 0; i < values.Length; i++)
                    {
                        if (double.IsNaN(values[i])) continue;
                        hasValue[column] = true;
                        if (RowSample.Takes(threshold, ofBlock[start + i])) samples[column].Add(values[i]);
                    }
                }
            }
        }
        if (Array.TrueForAll(hasValue, has => !has)) throw TrainingErrors.AllNull(feature.Leaf.Name);
        var columns = ImmutableArray.CreateBuilder<BinnedColumn>(width);
        foreach (List<double> sample in samples)
        {
            sample.Sort();
            columns.Add(BinnedColumn.OfNumbers(CutFinder.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sample), maxBins)));
        }
        return new(new RawFeaturizer(feature.Leaf.Feature, feature.Leaf.Path, width), columns.MoveToImmutable(), sources);
    }

    /// <inheritdoc/>
    public override void Bin(RowPart part, int block, BinnedRows rows, int column)
    {
        double[] tile = new double[Columns.Length * Design.TileRows];
        int first = block * RowStore.BlockRows, end = Math.Min(first + RowStore.BlockRows, rows.Rows);
        for (int start = first; start < end; start += Design.TileRows)
        {
            int count = Math.Min(Design.TileRows, end - start);
            Read(_sources[(int)part], block, start - first, count, tile);
            for (int i = 0; i < Columns.Length; i++) rows.Fill(column + i, start, tile.AsSpan(i * Design.TileRows, count));
        }
    }

    private static void Read(ImmutableArray<DenseSource> sources, int block, int start, int count, Span<double> tile)
    {
        foreach (DenseSource source in sources)
        {
            source.Read(block, start, count, tile, Design.TileRows);
            tile = tile[(source.Columns * Design.TileRows)..];
        }
    }
}

/// <summary>A text feature: each level a bin, the rarest of many levels together in <see cref="BinnedColumn.Rest"/>.</summary>
internal sealed class LevelSource : TreeSource
{
    private readonly TextFeatureColumn _text;
    private readonly byte[] _binOfCode;

    private LevelSource(TextFeatureColumn text, Featurizer featurizer, BinnedColumn column, byte[] binOfCode) : base(featurizer, [column]) => (_text, _binOfCode) = (text, binOfCode);

    /// <summary>Learns levels and bins. Throws MLS3003 when there are none.</summary>
    public static LevelSource Fit(TextFeatureColumn text, int maxBins)
    {
        TextDictionary dictionary = text.Dictionary;
        long[] counts = new long[dictionary.Count];
        ChunkedArray<int> codes = text.Parts[(int)RowPart.Train];
        for (int block = 0; block < codes.Blocks; block++)
            foreach (int code in codes.Block(block))
                if (code >= 0) counts[code]++;
        int[] seen = [.. Enumerable.Range(0, counts.Length).Where(code => counts[code] > 0)];
        if (seen.Length == 0) throw TrainingErrors.AllNull(text.Leaf.Name);
        Array.Sort(seen, (a, b) => dictionary.Utf8(a).SequenceCompareTo(dictionary.Utf8(b)));

        // The most frequent ones, of equal ones those that come first.
        int most = Math.Min(maxBins, BinnedColumn.Rest);
        int[] kept = [.. seen.Select((code, level) => (Level: level, Count: counts[code])).OrderByDescending(l => l.Count).Take(most).Select(l => l.Level).Order()];
        byte[] binOfLevel = new byte[seen.Length], binOfCode = new byte[counts.Length];
        Array.Fill(binOfLevel, BinnedColumn.Rest);
        Array.Fill(binOfCode, BinnedColumn.Rest);
        for (int bin = 0; bin < kept.Length; bin++) binOfLevel[kept[bin]] = binOfCode[seen[kept[bin]]] = (byte)bin;
        BinnedColumn column = new(kept.Length, [], [.. binOfLevel]);
        return new(text, new LevelFeaturizer(text.Leaf.Feature, text.Leaf.Path, [.. seen.Select(code => Encoding.UTF8.GetString(dictionary.Utf8(code)))]), column, binOfCode)
        {
            Warnings = Encoders.Encoder.NearlyUnique(seen.Length, codes.Length) ? [TrainingErrors.NearlyUnique(text.Leaf.Name, seen.Length, codes.Length)] : [],
        };
    }

    /// <inheritdoc/>
    public override void Bin(RowPart part, int block, BinnedRows rows, int column) => rows.Fill(column, block * RowStore.BlockRows, _text.Parts[(int)part].Block(block), _binOfCode);
}
