using System.Globalization;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;

namespace MlSql.Training.Rows;

/// <summary>
/// The rows of a training, or those that one thread took, in our own columns, divided into parts. What is stored depends on the rows and their order, not on how batches cut them.
/// </summary>
internal sealed class RowStore
{
    /// <summary>Rows of a block: the unit of work of a thread.</summary>
    public const int BlockRows = 8_192;

    /// <summary>Rows taken at once while appending; their buffers stay in the caches.</summary>
    public const int SegmentRows = 2_048;

    private readonly TrainingSpec _spec;
    private readonly List<ColumnView> _parents = [];
    private readonly RowSelection _selection = new();
    private readonly RowPart[] _rowParts = new RowPart[SegmentRows];
    private readonly ulong[] _hashes = new ulong[SegmentRows];
    private readonly double[] _weights = new double[SegmentRows];
    private RowSetHash _fingerprint;
    private int _lastCount;

    public RowStore(TrainingSpec spec, MemoryBudget budget, bool keepsHashes = false)
        : this(spec, budget, [.. FeatureLeaf.Of(spec.Features).Select(leaf => FeatureColumn.Of(leaf, budget))], keepsHashes)
    {
    }

    private RowStore(TrainingSpec spec, MemoryBudget budget, FeatureColumn[] features, bool keepsHashes)
    {
        _spec = spec;
        Budget = budget;
        Features = features;
        Labels = new(spec.Label, spec.Estimator.Task, budget);
        Weights = spec.HasWeight ? [new(budget), new(budget), new(budget)] : null;
        Hashes = keepsHashes ? [new(budget), new(budget), new(budget)] : null;
    }

    public MemoryBudget Budget { get; }

    public IReadOnlyList<FeatureColumn> Features { get; }

    public LabelColumn Labels { get; }

    /// <summary>Row weights by part; null when every row weighs 1.</summary>
    public ChunkedArray<double>[]? Weights { get; private set; }

    /// <summary>Hashes of the rows' values by part; null when nobody needs them.</summary>
    public ChunkedArray<ulong>[]? Hashes { get; private set; }

    /// <summary>All rows taken, dropped ones too.</summary>
    public long Rows { get; private set; }

    public long Dropped { get; private set; }

    public long RowsOf(RowPart part) => Labels.Parts[(int)part].Length;

    /// <summary>What tells this set of rows from others, whatever their order.</summary>
    public string Fingerprint => _fingerprint.ToString();

    /// <summary>The parts of the rows that were taken last.</summary>
    public ReadOnlySpan<RowPart> LastParts => _rowParts.AsSpan(0, _lastCount);

    /// <summary>An empty store for the rows of another thread.</summary>
    public RowStore Another() => new(_spec, Budget, [.. Features.Select(feature => feature.Another())], Hashes is not null);

    public void Append(ReadOnlySpan<ColumnView> columns, int rows)
    {
        for (int start = 0; start < rows; start += SegmentRows) AppendSegment(columns, start, Math.Min(SegmentRows, rows - start));
    }

    /// <summary>Takes some rows, at most <see cref="SegmentRows"/>, in place of those that it holds.</summary>
    public void Replace(ReadOnlySpan<ColumnView> columns, int start, int count)
    {
        foreach (FeatureColumn feature in Features) feature.Clear();
        foreach (ChunkedArray<double> labels in Labels.Parts) labels.Clear();
        foreach (ChunkedArray<double> weights in Weights ?? []) weights.Clear();
        foreach (ChunkedArray<ulong> hashes in Hashes ?? []) hashes.Clear();
        AppendSegment(columns, start, count);
    }

    /// <summary>Takes the rows of all stores, of which this is the first, in the order of the runs of each part. The others are empty afterwards.</summary>
    public void Arrange(IReadOnlyList<RowStore> stores, IReadOnlyList<RowRun>[] runs, BlockCrew crew, CancellationToken cancel)
    {
        crew.Run(Features.Count + 3, column =>
        {
            if (column < Features.Count) Features[column].Arrange([.. stores.Select(store => store.Features[column])], runs);
            else if (column == Features.Count) Labels.Arrange([.. stores.Select(store => store.Labels)], runs);
            else if (column == Features.Count + 1) Hashes = Hashes is null ? null : ChunkedArray<ulong>.Arrange([.. stores.Select(store => store.Hashes!)], runs);
            else if (Weights is not null) Weights = ChunkedArray<double>.Arrange([.. stores.Select(store => store.Weights!)], runs);
        }, cancel);
        foreach (RowStore other in stores.Where(store => store != this))
        {
            Rows += other.Rows;
            Dropped += other.Dropped;
            _fingerprint.Add(other._fingerprint);
        }
    }

    private void AppendSegment(ReadOnlySpan<ColumnView> columns, int start, int count)
    {
        _lastCount = count;
        Span<RowPart> parts = _rowParts.AsSpan(0, count);
        Span<ulong> hashes = _hashes.AsSpan(0, count);
        parts.Clear();
        hashes.Clear();
        int next = _spec.Features.Length;
        Labels.Load(columns[next], start, count, parts);
        if (Weights is not null) LoadWeights(columns[++next], start, _weights.AsSpan(0, count));
        if (_spec.Split.Mode == SplitMode.Column) ReadSplit(columns[++next], start, parts);

        bool random = _spec.Split.Mode == SplitMode.Random;
        if (!random) _selection.Set(parts);
        foreach (FeatureColumn feature in Features)
        {
            feature.Load(feature.Leaf.View(columns, _parents), _parents, start, count);
            feature.Hash(hashes);
            if (!random) feature.Store(_selection);
        }
        Labels.Hash(hashes);
        if (Weights is not null) RowHash.MixNumbers(_weights.AsSpan(0, count), hashes);
        if (random)
        {
            DrawParts(hashes, parts);
            _selection.Set(parts);
            foreach (FeatureColumn feature in Features) feature.Store(_selection);
        }
        Labels.Store(_selection);
        if (Weights is not null) _selection.Append<double>(_weights.AsSpan(0, count), Weights);
        if (Hashes is not null) _selection.Append<ulong>(hashes, Hashes);

        for (int i = 0; i < count; i++)
            if (parts[i] == RowPart.Dropped) Dropped++;
        _fingerprint.Add(hashes);
        Rows += count;
    }

    private void DrawParts(ReadOnlySpan<ulong> hashes, Span<RowPart> parts)
    {
        double eval = _spec.Split.EvalFraction, test = eval + _spec.Split.TestFraction;
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i] == RowPart.Dropped) continue;
            double fraction = RowHash.Fraction(hashes[i], _spec.Seed);
            parts[i] = fraction < eval ? RowPart.Eval : fraction < test ? RowPart.Test : RowPart.Train;
        }
    }

    private static void LoadWeights(ColumnView view, int start, Span<double> weights)
    {
        NumberReader.Read(view, start, weights);
        foreach (double weight in weights)
            if (!(weight >= 0) || double.IsInfinity(weight)) throw TrainingErrors.Weight(double.IsNaN(weight) ? "NULL" : weight.ToString(CultureInfo.InvariantCulture));
    }

    private static void ReadSplit(ColumnView view, int start, Span<RowPart> parts)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i] == RowPart.Dropped) continue;
            if (!view.IsValid(start + i)) throw TrainingErrors.SplitValue("NULL");
            parts[i] = view.Type switch
            {
                BooleanType => view.Values<byte>()[start + i] != 0 ? RowPart.Eval : RowPart.Train,
                StringType => PartOf(System.Text.Encoding.UTF8.GetString(view.Text(start + i))),
                EnumType e => PartOf(e.Values[EnumReader.Index(view, e, start + i)]),
                _ => throw TrainingErrors.SplitType(view.Type),
            };
        }
    }

    private static RowPart PartOf(string text) => text switch
    {
        "train" => RowPart.Train,
        "eval" => RowPart.Eval,
        "test" => RowPart.Test,
        _ => throw TrainingErrors.SplitValue(text),
    };
}
