using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

namespace MlSql.Training.Encoders;

/// <summary>Learns the featurisers from the training rows and gives each part its <see cref="Design"/>.</summary>
internal sealed class Encoder
{
    // A text column with more levels than this share of its rows looks like an identifier.
    private const double NearlyUniqueShare = 0.9;
    private const int NearlyUniqueRows = 20;
    private const int ManyLevels = 1_000;

    // Rows whose moments are taken at once; they stay in the first cache.
    private const int MomentRows = 1_024;

    private readonly RowStore _store;
    private readonly List<int[]> _columnOfCode = [];
    private readonly List<int> _nullColumn = [];

    private Encoder(RowStore store, ImmutableArray<Featurizer> featurizers, DesignShape shape, Moments[] moments)
    {
        _store = store;
        DenseMoments = moments;
        Featurizers = featurizers;
        Shape = shape;
    }

    public ImmutableArray<Featurizer> Featurizers { get; }

    public DesignShape Shape { get; }

    /// <summary>The weighted moments of each dense column over the training rows.</summary>
    public Moments[] DenseMoments { get; }

    /// <summary>Fits on the training rows, weighted. Throws MLS3003 for a feature without any value.</summary>
    public static Encoder Fit(RowStore store, ChunkedArray<double>? weights, BlockCrew crew, List<TrainingWarning> warnings, CancellationToken cancel)
    {
        DenseSource[] sources = Sources(store, (int)RowPart.Train);
        Moments[] moments = FitMoments(sources, store, weights, crew, cancel);
        List<Featurizer> featurizers = [];
        List<int> denseIndex = [], oneHotIndex = [];
        List<int[]> columnOfCode = [];
        List<int> nullColumn = [];
        int dense = 0, oneHot = 0, encoded = 0;
        foreach (FeatureColumn feature in store.Features)
        {
            cancel.ThrowIfCancellationRequested();
            FeatureLeaf leaf = feature.Leaf;
            if (feature is TextFeatureColumn text)
            {
                (OneHotFeaturizer featurizer, int[] columns) = FitLevels(text, weights, oneHot, warnings);
                featurizers.Add(featurizer);
                columnOfCode.Add(columns);
                nullColumn.Add(featurizer.NullLevel ? oneHot + featurizer.Levels.Length : -1);
                for (int i = 0; i < featurizer.Width; i++) oneHotIndex.Add(encoded++);
                oneHot += featurizer.Width;
                continue;
            }
            int width = feature.DenseColumns;
            if (width == 0 || moments.AsSpan(dense, width).ToArray().All(m => m.IsEmpty)) throw TrainingErrors.AllNull(leaf.Name);
            ImmutableArray<double> means = [.. moments.AsSpan(dense, width).ToArray().Select(m => m.IsEmpty ? 0 : m.Mean)];
            ImmutableArray<double> scales = [.. moments.AsSpan(dense, width).ToArray().Select(m => m.Deviation)];
            featurizers.Add(feature switch
            {
                TimeFeatureColumn => new CalendarFeaturizer(leaf.Feature, leaf.Path, means, scales),
                ListFeatureColumn => new NumberListFeaturizer(leaf.Feature, leaf.Path, means, scales),
                _ => new NumericFeaturizer(leaf.Feature, leaf.Path, means[0], scales[0]),
            });
            for (int i = 0; i < width; i++) denseIndex.Add(encoded++);
            dense += width;
        }
        DesignShape shape = new(
            [.. moments.Select(m => m.IsEmpty ? 0 : m.Mean)],
            [.. moments.Select(m => m.Deviation == 0 ? 0 : 1 / m.Deviation)],
            oneHot,
            [.. denseIndex, .. oneHotIndex]);
        Encoder encoder = new(store, [.. featurizers], shape, moments);
        encoder._columnOfCode.AddRange(columnOfCode);
        encoder._nullColumn.AddRange(nullColumn);
        return encoder;
    }

    /// <summary>The encoded columns of a part.</summary>
    public Design DesignOf(RowPart part, ChunkedArray<double>? weights)
    {
        TextFeatureColumn[] texts = [.. _store.Features.OfType<TextFeatureColumn>()];
        OneHotSource[] groups = new OneHotSource[texts.Length];
        for (int i = 0; i < texts.Length; i++) groups[i] = new(texts[i].Parts[(int)part], _columnOfCode[i], _nullColumn[i]);
        return new(Shape, Sources(_store, (int)part), groups, _store.Labels.Parts[(int)part], weights);
    }

    /// <summary>The model's inputs.</summary>
    public static ImmutableArray<Feature> Signature(TrainingSpec spec, IReadOnlyList<FeatureColumn> features)
    {
        Queue<FeatureColumn> leaves = new(features);
        return [.. spec.Features.Select(field => new Feature(field.Name, TypeOf(field.Type, leaves)))];
    }

    private static FeatureType TypeOf(DataType type, Queue<FeatureColumn> leaves)
    {
        if (type is StructType structure) return new StructFeature([.. structure.Fields.Select(f => new Feature(f.Name, TypeOf(f.Type, leaves)))]);
        FeatureColumn leaf = leaves.Dequeue();
        return type switch
        {
            BooleanType => new BooleanFeature(),
            StringType or EnumType => new TextFeature(),
            DateType => new DateFeature(),
            TimestampType t => t.Zoned ? new InstantFeature() : new LocalTimeFeature(),
            ListType or ArrayType => new NumberListFeature(((ListFeatureColumn)leaf).Width),
            _ => new NumberFeature(),
        };
    }

    private static DenseSource[] Sources(RowStore store, int part) => [.. store.Features.SelectMany(feature => DenseSource.Of(feature, part))];

    /// <summary>Whether so many levels in so many rows look like an identifier's.</summary>
    public static bool NearlyUnique(int levels, long rows) => levels >= NearlyUniqueRows && levels >= NearlyUniqueShare * rows;

    private static Moments[] FitMoments(DenseSource[] sources, RowStore store, ChunkedArray<double>? weights, BlockCrew crew, CancellationToken cancel)
    {
        int columns = sources.Sum(s => s.Columns);
        ChunkedArray<double> labels = store.Labels.Parts[(int)RowPart.Train];
        var ofBlocks = new Moments[labels.Blocks][];
        crew.Run(labels.Blocks, block =>
        {
            var moments = new Moments[columns];
            Array.Fill(moments, new());
            double[] tile = new double[CalendarParts.Count * MomentRows];
            int column = 0, rows = labels.Block(block).Length;
            ReadOnlySpan<double> rowWeights = weights is null ? [] : weights.Block(block);
            foreach (DenseSource source in sources)
            {
                cancel.ThrowIfCancellationRequested();
                for (int start = 0; start < rows; start += MomentRows)
                {
                    int count = Math.Min(MomentRows, rows - start);
                    source.Read(block, start, count, tile, MomentRows);
                    for (int i = 0; i < source.Columns; i++)
                        moments[column + i].Merge(Moments.Of(tile.AsSpan(i * MomentRows, count), rowWeights.IsEmpty ? [] : rowWeights.Slice(start, count)));
                }
                column += source.Columns;
            }
            ofBlocks[block] = moments;
        }, cancel);
        var total = new Moments[columns];
        Array.Fill(total, new());
        foreach (Moments[] block in ofBlocks)
            for (int i = 0; i < columns; i++) total[i].Merge(block[i]);
        return total;
    }

    private static (OneHotFeaturizer Featurizer, int[] ColumnOfCode) FitLevels(TextFeatureColumn text, ChunkedArray<double>? weights, int firstColumn, List<TrainingWarning> warnings)
    {
        TextDictionary dictionary = text.Dictionary;
        bool[] seen = new bool[dictionary.Count];
        bool nulls = false;
        ChunkedArray<int> codes = text.Parts[(int)RowPart.Train];
        for (int block = 0; block < codes.Blocks; block++)
        {
            ReadOnlySpan<int> blockCodes = codes.Block(block);
            ReadOnlySpan<double> blockWeights = weights is null ? [] : weights.Block(block);
            for (int i = 0; i < blockCodes.Length; i++)
            {
                if (!blockWeights.IsEmpty && blockWeights[i] == 0) continue;
                if (blockCodes[i] < 0) nulls = true;
                else seen[blockCodes[i]] = true;
            }
        }
        int[] order = Enumerable.Range(0, seen.Length).Where(code => seen[code]).ToArray();
        if (order.Length == 0) throw TrainingErrors.AllNull(text.Leaf.Name);
        Array.Sort(order, (a, b) => dictionary.Utf8(a).SequenceCompareTo(dictionary.Utf8(b)));
        int[] columns = new int[seen.Length];
        Array.Fill(columns, -1);
        for (int i = 0; i < order.Length; i++) columns[order[i]] = firstColumn + i;

        if (NearlyUnique(order.Length, codes.Length)) warnings.Add(TrainingErrors.NearlyUnique(text.Leaf.Name, order.Length, codes.Length));
        else if (order.Length > ManyLevels) warnings.Add(TrainingErrors.ManyLevels(text.Leaf.Name, order.Length));
        ImmutableArray<string> levels = [.. order.Select(code => System.Text.Encoding.UTF8.GetString(dictionary.Utf8(code)))];
        return (new(text.Leaf.Feature, text.Leaf.Path, levels, nulls), columns);
    }
}
