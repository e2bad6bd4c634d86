using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MlSql.Models.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>
/// Raw scores of single rows of ensembles whose trees have up to 64 leaves each: the bits of <see cref="Trees.TreeWalk.Score"/>. The splits that compare the same slot lie in the order of their cuts, so a row goes right at the first so many
/// of them; a split that it goes right at leaves a tree the leaves that are not on its left, and the first that all leave is the row's. What whole groups of splits leave together is kept for all trees, so that only the last group's are applied one by one.
/// The masks are those of C. Lucchese et al., "QuickScorer: A Fast Algorithm to Rank Documents with Additive Ensembles of Regression Trees", SIGIR 2015. Safe for any number of threads at once; allocates nothing per call.
/// </summary>
internal sealed unsafe class RowMasks
{
    private readonly RowSlots _slots;
    private readonly RowMaskTables _tables;
    private readonly bool _single, _one;

    private readonly TreeStructure _ensemble;
    private readonly int _columns;

    /// <summary>For an ensemble over so many encoded columns that <see cref="RowMaskTables.Hold"/> is true of, and the slots that it filled.</summary>
    public RowMasks(TreeStructure ensemble, int columns, RowSlots slots)
    {
        (_ensemble, _columns, _slots, _tables) = (ensemble, columns, slots, new(ensemble, slots));
        _single = ensemble.Precision == TreePrecision.Single;
        _one = ensemble.Outputs == 1;
    }

    /// <summary>Writes a row's raw scores, one an output. <paramref name="row"/> holds the encoded columns, NaN for a missing one.</summary>
    [SkipLocalsInit]
    public void Score(ReadOnlySpan<double> row, Span<double> scores)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(row.Length, _columns, nameof(row));
        double* values = stackalloc double[RowMaskTables.MostSlots];
        ulong* left = stackalloc ulong[RowMaskTables.MostTrees];
        _slots.Write(row, new Span<double>(values, _slots.Count));
        Keep(values, left);
        if (_ensemble.Aggregate == TreeAggregate.Sum) _ensemble.Bases.CopyTo(scores);
        else scores[.._ensemble.Outputs].Clear();
        if (_single) Add(_tables.Singles.At, left, scores);
        else Add(_tables.Doubles.At, left, scores);
        // Its tables are read through pointers.
        GC.KeepAlive(this);
    }

    // Writes the leaves that the row's splits leave of each tree.
    [SkipLocalsInit]
    private void Keep(double* values, ulong* left)
    {
        RowMaskTables tables = _tables;
        int used = 0, shift = tables.Shift, stride = tables.Stride, count = tables.Slots.Length;
        ulong** prefixes = stackalloc ulong*[RowMaskTables.MostSlots];
        int* groups = stackalloc int[RowMaskTables.MostSlots];
        ulong* keeps = stackalloc ulong[RowMaskTables.MostSlots * RowMaskTables.GroupSize], keep = keeps;
        RowMaskSlot* slots = tables.Slots.At;
        double* heads = tables.Heads.At, cuts = tables.Cuts.At;
        ulong* kept = tables.Keeps.At, firstPrefix = tables.Prefixes.At;
        for (int i = 0; i < count; i++)
        {
            RowMaskSlot* slot = slots + i;
            var value = Vector256.Create(values[slot->Value]);
            // −1 each that is not below the value.
            Vector256<long> others = default;
            for (int head = 0; head < slot->HeadCount; head += 4) others += Vector256.GreaterThanOrEqual(Vector256.Load(heads + slot->Heads + head), value).AsInt64();
            int group = Math.Min(slot->HeadCount + (int)Vector256.Sum(others), slot->Last), block = group >> shift;
            prefixes[used] = firstPrefix + slot->Prefix + (long)block * stride;
            // The first is all leaves.
            used += block > 0 ? 1 : 0;
            int first = (slot->Group + group) * RowMaskTables.GroupSize;
            groups[i] = first;
            for (int j = 0; j < RowMaskTables.GroupSize; j += 4)
                (Vector256.GreaterThanOrEqual(Vector256.Load(cuts + first + j), value).AsUInt64() | Vector256.Load(kept + first + j)).Store(keep + j);
            keep += RowMaskTables.GroupSize;
        }
        for (int tree = 0; tree < _tables.Stride; tree += RowMaskTables.AtOnce)
        {
            var (a, b, c, d) = (Vector256<ulong>.AllBitsSet, Vector256<ulong>.AllBitsSet, Vector256<ulong>.AllBitsSet, Vector256<ulong>.AllBitsSet);
            for (int i = 0; i < used; i++)
            {
                ulong* prefix = prefixes[i] + tree;
                a &= Vector256.Load(prefix);
                b &= Vector256.Load(prefix + 4);
                c &= Vector256.Load(prefix + 8);
                d &= Vector256.Load(prefix + 12);
            }
            a.Store(left + tree);
            b.Store(left + tree + 4);
            c.Store(left + tree + 8);
            d.Store(left + tree + 12);
        }
        keep = keeps;
        ushort* owners = tables.Owners.At;
        for (int i = 0; i < count; i++)
        {
            // Whole groups since the prefix.
            int begin = slots[i].Group * RowMaskTables.GroupSize, span = RowMaskTables.GroupSize << shift;
            for (int at = begin + (groups[i] - begin & -span); at < groups[i]; at += RowMaskTables.GroupSize) Apply(owners + at, kept + at, left);
            Apply(owners + groups[i], keep, left);
            keep += RowMaskTables.GroupSize;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apply(ushort* owners, ulong* keeps, ulong* left)
    {
        for (int i = 0; i < RowMaskTables.GroupSize; i += 4)
        {
            left[owners[i]] &= keeps[i];
            left[owners[i + 1]] &= keeps[i + 1];
            left[owners[i + 2]] &= keeps[i + 2];
            left[owners[i + 3]] &= keeps[i + 3];
        }
    }

    // In the order of the trees. Sums of 32-bit numbers are rounded as they are where 64-bit ones are rounded to them.
    private void Add<T>(T* values, ulong* left, Span<double> scores) where T : unmanaged, INumberBase<T>
    {
        RowMaskTree* trees = _tables.Trees.At;
        int count = _tables.Trees.Length;
        if (_one)
        {
            T sum = T.CreateTruncating(scores[0]);
            for (int i = 0; i < count; i++) sum += values[trees[i].Values + BitOperations.TrailingZeroCount(left[i])];
            scores[0] = double.CreateTruncating(sum);
            return;
        }
        for (int i = 0; i < count; i++)
        {
            RowMaskTree tree = trees[i];
            T* leaf = values + tree.Values + BitOperations.TrailingZeroCount(left[i]) * tree.Width;
            for (int v = 0; v < tree.Width; v++)
            {
                ref double score = ref scores[tree.Output + v];
                score = double.CreateTruncating(T.CreateTruncating(score) + leaf[v]);
            }
        }
    }
}
