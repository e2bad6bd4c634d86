using System.Collections.Immutable;
using MlSql.Models.Featurizers;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees;

/// <summary>Learns how the features become bins from the training rows, and bins the rows of any part.</summary>
internal sealed class TreeColumns
{
    private readonly RowStore _store;
    private readonly ImmutableArray<TreeSource> _sources;

    private TreeColumns(RowStore store, ImmutableArray<TreeSource> sources)
    {
        (_store, _sources) = (store, sources);
        Featurizers = [.. sources.Select(source => source.Featurizer)];
        Columns = [.. sources.SelectMany(source => source.Columns)];
    }

    public ImmutableArray<Featurizer> Featurizers { get; }

    /// <summary>The encoded columns.</summary>
    public ImmutableArray<BinnedColumn> Columns { get; }

    /// <summary>Learns cuts and levels. Throws MLS3003 for a feature without any value.</summary>
    public static TreeColumns Fit(TrainingData data, int maxBins, CancellationToken cancel)
    {
        ulong threshold = RowSample.ThresholdOf(data.Store.Hashes![(int)RowPart.Train]);
        var sources = new TreeSource[data.Store.Features.Count];
        data.Crew.Run(sources.Length, feature => sources[feature] = TreeSource.Of(data.Store, data.Store.Features[feature], threshold, maxBins, cancel), cancel);
        foreach (TreeSource source in sources) data.Warnings.AddRange(source.Warnings);
        return new(data.Store, [.. sources]);
    }

    /// <summary>The rows of a part as bins.</summary>
    public BinnedRows Bin(RowPart part, BlockCrew crew, CancellationToken cancel)
    {
        BinnedRows rows = new(Columns, checked((int)_store.RowsOf(part)), _store.Budget);
        int blocks = _store.Labels.Parts[(int)part].Blocks;
        crew.Run(blocks, block =>
        {
            int column = 0;
            foreach (TreeSource source in _sources)
            {
                cancel.ThrowIfCancellationRequested();
                source.Bin(part, block, rows, column);
                column += source.Columns.Length;
            }
        }, cancel);
        return rows;
    }
}
