using System.Globalization;
using System.Runtime.CompilerServices;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Training.Kernels;

namespace MlSql.Training.Rows;

/// <summary>Lists of numbers of one length, a column of doubles a position; NaN for NULL elements and for all positions of a NULL list.</summary>
internal sealed class ListFeatureColumn : FeatureColumn
{
    private readonly MemoryBudget _budget;
    private readonly StrongBox<int> _width; // of all threads' columns
    private readonly double[] _nulls = new double[RowStore.SegmentRows];
    private readonly long[] _rows = new long[RowSelection.Parts]; // rows stored while no list had been seen
    private double[] _segment = [];
    private bool[] _isNull = new bool[RowStore.SegmentRows];
    private int _count;

    public ListFeatureColumn(FeatureLeaf leaf, MemoryBudget budget)
        : this(leaf, budget, new(leaf.Type is ArrayType array ? array.Length : -1))
    {
    }

    private ListFeatureColumn(FeatureLeaf leaf, MemoryBudget budget, StrongBox<int> width)
        : base(leaf)
    {
        _budget = budget;
        _width = width;
    }

    /// <summary>The length of every list; -1 until one was seen.</summary>
    public int Width => Volatile.Read(ref _width.Value);

    /// <summary>By position, then by part.</summary>
    public ChunkedArray<double>[][] Positions { get; private set; } = [];

    public override int DenseColumns => Math.Max(0, Width);

    public override void Load(ColumnView view, List<ColumnView> parents, int start, int count)
    {
        _count = count;
        for (int i = 0; i < count; i++)
        {
            _isNull[i] = IsNull(view, parents, start + i);
            if (!_isNull[i] && Width < 0) Interlocked.CompareExchange(ref _width.Value, view.List(start + i).Length, -1);
        }
        if (Width < 0) return;
        if (_segment.Length != Width * RowStore.SegmentRows) Open();
        Span<double> list = new double[Width];
        for (int i = 0; i < count; i++)
        {
            if (_isNull[i]) list.Fill(double.NaN);
            else ReadList(view, start + i, list);
            for (int position = 0; position < Width; position++) _segment[position * RowStore.SegmentRows + i] = list[position];
        }
    }

    public override void Hash(Span<ulong> hashes)
    {
        for (int i = 0; i < _count; i++) hashes[i] = RowHash.Mix(hashes[i], _isNull[i] ? RowHash.Null : (ulong)Width);
        for (int position = 0; position < Width; position++)
            if (RowHash.MixNumbers(Segment(position), Live(hashes))) throw TrainingErrors.InfiniteFeature(Leaf.Name);
    }

    public override void Store(RowSelection selection)
    {
        for (int part = 0; part < RowSelection.Parts; part++) _rows[part] += selection.Count(part);
        for (int position = 0; position < Width; position++) selection.Append(Segment(position), Positions[position]);
    }

    public override void Clear()
    {
        Array.Clear(_rows);
        foreach (ChunkedArray<double>[] parts in Positions) ClearParts(parts);
    }

    public override FeatureColumn Another() => new ListFeatureColumn(Leaf, _budget, _width);

    public override void Arrange(FeatureColumn[] all, IReadOnlyList<RowRun>[] runs)
    {
        ListFeatureColumn[] columns = [.. all.Cast<ListFeatureColumn>()];
        foreach (ListFeatureColumn column in columns)
            if (Width > 0 && column._segment.Length == 0) column.Open();
        for (int position = 0; position < Width; position++) Positions[position] = ChunkedArray<double>.Arrange([.. columns.Select(column => column.Positions[position])], runs);
    }

    private Span<ulong> Live(Span<ulong> hashes) => hashes[.._count];

    private ReadOnlySpan<double> Segment(int position) => _segment.AsSpan(position * RowStore.SegmentRows, _count);

    private void Open()
    {
        _budget.Take((long)Width * RowStore.SegmentRows * sizeof(double), "lists");
        _segment = new double[Width * RowStore.SegmentRows];
        Positions = new ChunkedArray<double>[Width][];
        Array.Fill(_nulls, double.NaN);
        for (int position = 0; position < Width; position++)
        {
            Positions[position] = NewParts<double>(_budget);
            for (int part = 0; part < RowSelection.Parts; part++)
                for (long left = _rows[part]; left > 0; left -= RowStore.SegmentRows)
                    Positions[position][part].Append(_nulls.AsSpan(0, (int)Math.Min(left, RowStore.SegmentRows)));
        }
    }

    private void ReadList(ColumnView view, int row, Span<double> list)
    {
        (int start, int length) = view.List(row);
        if (length == Width)
        {
            NumberReader.Read(view.Children[0], start, list);
            return;
        }
        double[] shown = new double[Math.Min(length, 8)];
        NumberReader.Read(view.Children[0], start, shown);
        string text = string.Join(", ", shown.Select(v => double.IsNaN(v) ? "NULL" : v.ToString(CultureInfo.InvariantCulture)));
        throw TrainingErrors.ListLength(Leaf.Name, Width, length, length > shown.Length ? $"[{text}, …]" : $"[{text}]");
    }
}
