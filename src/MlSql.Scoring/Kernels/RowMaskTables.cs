using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>A slot's part of the tables: where each begins.</summary>
/// <param name="Value">The slot.</param>
/// <param name="Heads">The largest cut of each whole group, filled up with ∞ to whole vectors.</param>
/// <param name="HeadCount">With what fills up.</param>
/// <param name="Last">The last group, which may be empty.</param>
/// <param name="Group">The first group.</param>
/// <param name="Prefix">The first prefix.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RowMaskSlot(int Value, int Heads, int HeadCount, int Last, int Group, int Prefix);

/// <summary>A tree: where its values begin, leaf after leaf from left to right, the first output that it adds to, and how many.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RowMaskTree(int Values, int Output, int Width);

/// <summary>The tables of <see cref="RowMasks"/>.</summary>
internal sealed class RowMaskTables
{
    /// <summary>Trees of an ensemble; what is left of them lies on the stack.</summary>
    public const int MostTrees = 1024;

    /// <summary>Slots of an ensemble.</summary>
    public const int MostSlots = 64;

    /// <summary>Trees that are looked at together; <see cref="Stride"/> is a multiple.</summary>
    public const int AtOnce = 16;

    /// <summary>Splits that are applied together.</summary>
    public const int GroupSize = 8;

    private const int MostLeaves = 64;

    // Of prefixes, so that they stay in the second-level cache or near.
    private const long MostBytes = 2 << 20;

    /// <summary>For an ensemble that <see cref="Hold"/> is true of, and the slots that it filled.</summary>
    public RowMaskTables(TreeStructure ensemble, RowSlots known)
    {
        bool single = ensemble.Precision == TreePrecision.Single;
        int values = ensemble.Trees.Sum(tree => tree.Values.Length), value = 0;
        (Singles, Doubles) = (new(single ? values : 0), new(single ? 0 : values));
        Trees = new(ensemble.Trees.Length);
        Stride = (Trees.Length + AtOnce - 1) / AtOnce * AtOnce;
        List<List<Step>> slots = [.. Enumerable.Range(0, known.Count).Select(_ => new List<Step>())];
        foreach (var (i, tree) in ensemble.Trees.Index())
        {
            Trees.Values[i] = new(value, tree.Width == 1 ? tree.Output : 0, tree.Width);
            List<int> order = [];
            Visit(tree, tree.Splits.IsEmpty ? ~0 : 0, order, (split, keep) => slots[known.IndexOf(split)].Add(new(SplitCut.Of(split, ensemble.Precision), keep, i)));
            foreach (int leaf in order)
                for (int v = 0; v < tree.Width; v++, value++)
                {
                    if (single) Singles.Values[value] = (float)tree.Values[leaf * tree.Width + v];
                    else Doubles.Values[value] = tree.Values[leaf * tree.Width + v];
                }
        }
        while (slots.Sum(steps => Prefixed(steps.Count)) * Stride * sizeof(ulong) > MostBytes) Shift++;
        int groups = slots.Sum(steps => Groups(steps.Count));
        Slots = new(slots.Count);
        Heads = new(slots.Sum(steps => HeadCount(steps.Count)));
        Cuts = new(groups * GroupSize);
        Keeps = new(groups * GroupSize);
        Owners = new(groups * GroupSize);
        Prefixes = new(checked((int)(slots.Sum(steps => Prefixed(steps.Count)) * Stride)));
        Heads.Values.Fill(double.PositiveInfinity);
        Cuts.Values.Fill(double.PositiveInfinity);
        Keeps.Values.Fill(ulong.MaxValue);
        Fill(slots);
    }

    /// <summary>A prefix each 2^Shift groups.</summary>
    public int Shift { get; }

    /// <summary>From one prefix to the next.</summary>
    public int Stride { get; }

    public PinnedTable<RowMaskSlot> Slots { get; }

    public PinnedTable<double> Heads { get; }

    /// <summary>The splits' cuts, ascending within a slot, in groups filled up with ∞.</summary>
    public PinnedTable<double> Cuts { get; }

    /// <summary>Beside each cut the leaves that its split keeps on its right: a bit a leaf, from left to right.</summary>
    public PinnedTable<ulong> Keeps { get; }

    /// <summary>Beside each cut its tree's number.</summary>
    public PinnedTable<ushort> Owners { get; }

    /// <summary>What all splits before a group keep together, a number a tree.</summary>
    public PinnedTable<ulong> Prefixes { get; }

    public PinnedTable<RowMaskTree> Trees { get; }

    /// <summary>Values of an ensemble of 32-bit numbers.</summary>
    public PinnedTable<float> Singles { get; }

    /// <summary>Values of one of 64-bit numbers.</summary>
    public PinnedTable<double> Doubles { get; }

    /// <summary>Whether the tables hold an ensemble, whose slots are filled: not one with a tree of more leaves or one that asks for more than cuts, nor with numbers that its sums do not hold exactly.</summary>
    public static bool Hold(TreeStructure ensemble, RowSlots slots)
    {
        if (ensemble.Trees.Length > MostTrees || !AreExact(ensemble.Bases, ensemble.Precision)) return false;
        foreach (Tree tree in ensemble.Trees)
        {
            if (tree.Leaves.Length > MostLeaves || !RowSlots.IsPlain(tree, ensemble.Precision) || !AreExact(tree.Values, ensemble.Precision)) return false;
            foreach (TreeSplit split in tree.Splits)
                if (slots.IndexOf(split) >= MostSlots) return false;
        }
        return true;
    }

    // Leaves get their numbers from left to right; a split's right side keeps those that are not on its left.
    private static void Visit(Tree tree, int node, List<int> order, Action<TreeSplit, ulong> found)
    {
        if (node < 0)
        {
            order.Add(~node);
            return;
        }
        TreeSplit split = tree.Splits[node];
        int from = order.Count;
        Visit(tree, split.Left, order, found);
        // Never all 64: the right side has a leaf too.
        found(split, ~((1UL << (order.Count - from)) - 1 << from));
        Visit(tree, split.Right, order, found);
    }

    // What is not finite may come out with other bits of NaN.
    private static bool AreExact(ImmutableArray<double> numbers, TreePrecision precision)
    {
        foreach (double number in numbers)
            if (!double.IsFinite(number) || precision == TreePrecision.Single && (float)number != number) return false;
        return true;
    }

    private void Fill(List<List<Step>> slots)
    {
        int head = 0, group = 0, prefix = 0;
        // By their sizes, so that the loops over them can be predicted.
        foreach (var (i, (value, steps)) in slots.Index().OrderBy(s => s.Item.Count).Index())
        {
            Slots.Values[i] = new(value, head, HeadCount(steps.Count), Groups(steps.Count) - 1, group, prefix);
            ulong[] left = new ulong[Stride];
            Array.Fill(left, ulong.MaxValue);
            steps.Sort((a, b) => a.Cut.CompareTo(b.Cut));
            for (int at = 0; at <= steps.Count; at++)
            {
                if (at % (GroupSize << Shift) == 0) left.CopyTo(Prefixes.Values[(prefix + at / (GroupSize << Shift) * Stride)..]);
                if (at == steps.Count) break;
                Step step = steps[at];
                int place = group * GroupSize + at;
                (Cuts.Values[place], Keeps.Values[place], Owners.Values[place]) = (step.Cut, step.Keep, (ushort)step.Tree);
                if (at % GroupSize == GroupSize - 1) Heads.Values[head + at / GroupSize] = step.Cut;
                left[step.Tree] &= step.Keep;
            }
            (head, group, prefix) = (head + HeadCount(steps.Count), group + Groups(steps.Count), prefix + (int)Prefixed(steps.Count) * Stride);
        }
    }

    private long Prefixed(int steps) => (steps / GroupSize >> Shift) + 1;

    private static int Groups(int steps) => steps / GroupSize + 1;

    private static int HeadCount(int steps) => (steps / GroupSize + 3) / 4 * 4;

    private readonly record struct Step(double Cut, ulong Keep, int Tree);
}
