using System.Collections.Immutable;
using MlSql.Models.Featurizers;
using MlSql.Training.Encoders;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees.Reading;

/// <summary>How the features become bins, learned from a first reading of the rows.</summary>
internal sealed class TreeColumns
{
    private readonly FeatureBins[] _features;

    private TreeColumns(FeatureBins[] features)
    {
        _features = features;
        Featurizers = [.. features.Select(feature => feature.Featurizer)];
        Columns = [.. features.SelectMany(feature => feature.Columns)];
    }

    public ImmutableArray<Featurizer> Featurizers { get; }

    /// <summary>The encoded columns.</summary>
    public ImmutableArray<BinnedColumn> Columns { get; }

    /// <summary>How a feature becomes bins.</summary>
    public FeatureBins this[int feature] => _features[feature];

    /// <summary>Learns cuts and levels. Throws MLS3003 for a feature without any value.</summary>
    public static TreeColumns Fit(IReadOnlyList<FeatureColumn> features, FeatureTally[] tallies, RowSample sample, int maxBins, long rows, FittingContext context, CancellationToken cancel)
    {
        var bins = new FeatureBins[features.Count];
        context.Crew.Run(bins.Length, i => bins[i] = features[i] is TextFeatureColumn text ? OfTexts(text, tallies[i], maxBins) : OfNumbers(features[i], i, tallies[i], sample, maxBins), cancel);
        for (int i = 0; i < bins.Length; i++)
            if (bins[i].Levels?.Featurizer.Levels.Length is { } levels && Encoder.NearlyUnique(levels, rows)) context.Warnings.Add(TrainingErrors.NearlyUnique(features[i].Leaf.Name, levels, rows));
        return new(bins);
    }

    private static FeatureBins OfTexts(TextFeatureColumn text, FeatureTally tally, int maxBins)
    {
        LevelBins levels = new(text.Leaf, text.Dictionary, tally.Levels, maxBins);
        return new(levels.Featurizer, [levels.Column], levels, null);
    }

    private static FeatureBins OfNumbers(FeatureColumn feature, int index, FeatureTally tally, RowSample sample, int maxBins)
    {
        if (!tally.HasValue) throw TrainingErrors.AllNull(feature.Leaf.Name);
        int told = FeatureReader.Told(feature);
        NumberTally? numbers = null;
        var columns = new BinnedColumn[feature.DenseColumns];
        for (int i = 0; i < FeatureReader.Columns(feature); i++)
        {
            SampledColumn column = i < sample.Columns(index) ? new(sample.Values(index, i), sample.Counts) : new([], []);
            if (i < columns.Length) columns[i] = BinnedColumn.OfNumbers(CutFinder.Of(column.Values, column.Counts, maxBins));
            if (i == told) numbers = NumberTally.Of(tally.Range, column.Values, column.Counts, column.Rows);
        }
        return new(new RawFeaturizer(feature.Leaf.Feature, feature.Leaf.Path, columns.Length), columns, null, numbers);
    }
}

/// <summary>How one feature becomes bins.</summary>
/// <param name="Featurizer">What the model does with it.</param>
/// <param name="Columns">Its encoded columns.</param>
/// <param name="Levels">Of texts, their bins.</param>
/// <param name="Numbers">Of numbers and times, an empty tally of the values.</param>
internal sealed record FeatureBins(Featurizer Featurizer, BinnedColumn[] Columns, LevelBins? Levels, NumberTally? Numbers);
