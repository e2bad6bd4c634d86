using System.Buffers;
using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>
/// Raw scores of an ensemble for blocks of rows: the bits that <see cref="TreeWalk.Score"/> gives, on every CPU and however rows are sliced. Values become bins by the trees' own cuts, trees of up to 256 leaves masks over them
/// (<see cref="LeafMasks"/>), larger ones walks (<see cref="BinWalk"/>); what fits neither is walked row by row, and so are a few rows (<see cref="RowKernel"/>). Values are added in the order of the trees. Safe for any number of threads at once; allocates nothing per call.
/// </summary>
internal sealed unsafe class TreeKernel
{
    // Of memory for a block; a walk's slots have two bytes of their number, so there may be 65,536.
    private const int MaxBytes = 64 << 20;

    private readonly TreeStructure _ensemble;
    private readonly int _columns;
    private readonly VectorPath _path;
    private readonly bool _single;
    private readonly List<MaskGroup> _groups = [];
    private readonly List<BinWalk> _walks = [];
    private readonly TreePlace[] _places = [];
    private readonly WideBinWriter? _wide;
    private readonly int _slots, _wideSlots;
    private readonly Lazy<RowKernel> _few;

    private TreeKernel(TreeStructure ensemble, int columns, VectorPath path)
    {
        (_ensemble, _columns, _path) = (ensemble, columns, path);
        _single = ensemble.Precision == TreePrecision.Single;
        // Few models are ever asked for single rows.
        _few = new(() => new RowKernel(ensemble, columns));
        if (TreeGrouping.Of(ensemble, path) is not { } grouping) return;
        _slots = grouping.Groups.Select(g => g.Layout.Slots).DefaultIfEmpty().Max();
        _wideSlots = grouping.Wide.Slots;
        if (BlockScratch.Bytes(_slots, _wideSlots, Outputs) > MaxBytes) return;
        _places = grouping.Places;
        foreach (var (layout, trees) in grouping.Groups) _groups.Add(new(new(layout, path), LeafMasks.Of(trees, layout, path)));
        foreach (Tree tree in grouping.Walked) _walks.Add(new(tree, grouping.Wide));
        if (_walks.Count > 0) _wide = new(grouping.Wide);
        IsCompiled = true;
    }

    /// <summary>For an ensemble over so many encoded columns, on the widest vectors that this machine has or on narrower ones.</summary>
    public static TreeKernel Create(TreeStructure ensemble, int columns, VectorPath? path = null)
    {
        VectorPath chosen = path ?? VectorPaths.Widest;
        if (!VectorPaths.Supports(chosen)) throw new PlatformNotSupportedException(chosen.ToString());
        return new(ensemble, columns, chosen);
    }

    /// <summary>Scores a row.</summary>
    public int Outputs => _ensemble.Outputs;

    /// <summary>False where rows are walked one by one.</summary>
    public bool IsCompiled { get; }

    /// <summary>Scores <paramref name="rows"/> rows of encoded columns, which lie one after the other with <paramref name="stride"/> numbers each, NaN for a missing one. Score o of row r goes to o · <paramref name="scoreStride"/> + r.</summary>
    public void Score(ReadOnlySpan<double> values, int stride, int rows, Span<double> scores, int scoreStride)
    {
        CheckValues(values.Length, stride, rows);
        fixed (double* first = values) Score(first, isSingle: false, stride, rows, scores, scoreStride);
    }

    /// <summary>As the other form, from numbers of 32 bits.</summary>
    public void Score(ReadOnlySpan<float> values, int stride, int rows, Span<double> scores, int scoreStride)
    {
        CheckValues(values.Length, stride, rows);
        fixed (float* first = values) Score(first, isSingle: true, stride, rows, scores, scoreStride);
    }

    /// <summary>As the other form, from columns where they lie; they stay there until it returns.</summary>
    public void Score(ReadOnlySpan<ValueColumn> columns, int rows, Span<double> scores, int scoreStride)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns.Length, _columns, nameof(columns));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)(Outputs - 1) * scoreStride + rows, scores.Length, nameof(scores));
        if (rows <= RowKernel.MostRows || !IsCompiled)
        {
            Walk(columns, rows, scores, scoreStride);
            return;
        }
        byte[] memory = ArrayPool<byte>.Shared.Rent((int)BlockScratch.Bytes(_slots, _wideSlots, Outputs));
        var block = ArrayPool<ValueColumn>.Shared.Rent(_columns);
        fixed (byte* start = memory)
        {
            var scratch = BlockScratch.In(start, _slots, _wideSlots, Outputs);
            for (int row = 0; row < rows; row += BlockScratch.MaxRows)
            {
                int count = Math.Min(BlockScratch.MaxRows, rows - row);
                for (int i = 0; i < columns.Length; i++) block[i] = columns[i].From(row);
                ScoreBlock(block.AsSpan(0, _columns), count, scratch);
                for (int output = 0; output < Outputs; output++) Take(scratch, output, scores.Slice(output * scoreStride + row, count));
            }
        }
        ArrayPool<ValueColumn>.Shared.Return(block);
        ArrayPool<byte>.Shared.Return(memory);
        // Its tables are read through pointers.
        GC.KeepAlive(this);
    }

    /// <summary>Scores one row of encoded columns, NaN for a missing one.</summary>
    public void ScoreRow(ReadOnlySpan<double> row, Span<double> scores) => _few.Value.Score(row, scores);

    private void CheckValues(int length, int stride, int rows) => ArgumentOutOfRangeException.ThrowIfGreaterThan((long)(_columns - 1) * stride + rows, length, nameof(stride));

    private void Score(void* first, bool isSingle, int stride, int rows, Span<double> scores, int scoreStride)
    {
        var columns = ArrayPool<ValueColumn>.Shared.Rent(_columns);
        for (int i = 0; i < _columns; i++) columns[i] = new(isSingle ? (float*)first + (long)i * stride : (double*)first + (long)i * stride, isSingle, null);
        Score(columns.AsSpan(0, _columns), rows, scores, scoreStride);
        ArrayPool<ValueColumn>.Shared.Return(columns);
    }

    private void ScoreBlock(ReadOnlySpan<ValueColumn> columns, int rows, in BlockScratch scratch)
    {
        for (int output = 0; output < Outputs; output++)
        {
            double start = _ensemble.Aggregate == TreeAggregate.Sum ? _ensemble.Bases[output] : 0;
            if (_single) new Span<float>(Singles(scratch, output), BlockScratch.MaxRows).Fill((float)start);
            else new Span<double>(Doubles(scratch, output), BlockScratch.MaxRows).Fill(start);
        }
        _wide?.Write(columns, rows, scratch.WideBins);
        int binned = -1;
        foreach (TreePlace place in _places)
        {
            if (place.Group < 0)
            {
                AddWalk(_walks[place.Index], place, rows, scratch);
                continue;
            }
            if (place.Group != binned) _groups[binned = place.Group].Writer.Write(columns, rows, scratch.Bins, scratch);
            AddMasks(_groups[binned].Masks, place, rows, scratch);
        }
    }

    private void AddWalk(BinWalk walk, in TreePlace place, int rows, in BlockScratch scratch)
    {
        walk.Ends(scratch.WideBins, rows, scratch.Ends, _path);
        for (int i = 0; i < place.Width; i++)
        {
            if (_single) walk.Add(scratch.Ends, rows, i, Singles(scratch, place.Output + i));
            else walk.Add(scratch.Ends, rows, i, Doubles(scratch, place.Output + i));
        }
    }

    private void AddMasks(LeafMasks masks, in TreePlace place, int rows, in BlockScratch scratch)
    {
        ref MaskTree tree = ref masks.Trees[place.Index];
        byte* bins = scratch.Bins, planes = scratch.Planes;
        if (_path == VectorPath.Avx512)
        {
            LeafMask512.Mask(masks, tree, bins, planes, rows);
            if (tree.InBytes)
            {
                if (_single) LeafMask512.AddSingles(planes, tree.Planes, rows, masks.Values + tree.Values, Singles(scratch, place.Output));
                else LeafMask512.AddDoubles(planes, tree.Planes, rows, masks.Values + tree.Values, Doubles(scratch, place.Output));
                return;
            }
            LeafMask512.Leaves(planes, tree.Planes, rows, scratch.Leaves);
        }
        else
        {
            LeafMask256.Mask(masks, tree, bins, planes, rows);
            LeafMask256.Leaves(planes, tree.Planes, rows, scratch.Leaves);
        }
        for (int i = 0; i < place.Width; i++)
        {
            if (_single) LeafMask256.Add(scratch.Leaves, rows, (float*)(masks.Values + tree.Values) + i * place.Leaves, Singles(scratch, place.Output + i));
            else LeafMask256.Add(scratch.Leaves, rows, (double*)(masks.Values + tree.Values) + i * place.Leaves, Doubles(scratch, place.Output + i));
        }
    }

    private void Take(in BlockScratch scratch, int output, Span<double> scores)
    {
        if (!_single)
        {
            new Span<double>(Doubles(scratch, output), scores.Length).CopyTo(scores);
            return;
        }
        float* sums = Singles(scratch, output);
        for (int i = 0; i < scores.Length; i++) scores[i] = sums[i];
    }

    private void Walk(ReadOnlySpan<ValueColumn> columns, int rows, Span<double> scores, int scoreStride)
    {
        RowKernel? few = rows <= RowKernel.MostRows ? _few.Value : null;
        double[] row = ArrayPool<double>.Shared.Rent(_columns), sums = ArrayPool<double>.Shared.Rent(Outputs);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns.Length; c++) row[c] = columns[c][r];
            if (few is not null) few.Score(row.AsSpan(0, _columns), sums.AsSpan(0, Outputs));
            else TreeWalk.Score(_ensemble, row.AsSpan(0, _columns), sums.AsSpan(0, Outputs));
            for (int output = 0; output < Outputs; output++) scores[output * scoreStride + r] = sums[output];
        }
        ArrayPool<double>.Shared.Return(row);
        ArrayPool<double>.Shared.Return(sums);
    }

    /// <summary>Trees of masks over the same bins.</summary>
    private sealed record MaskGroup(BinWriter Writer, LeafMasks Masks);

    private static double* Doubles(in BlockScratch scratch, int output) => scratch.Sums + output * BlockScratch.MaxRows;

    private static float* Singles(in BlockScratch scratch, int output) => (float*)Doubles(scratch, output);
}
