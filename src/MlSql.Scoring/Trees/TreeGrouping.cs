using System.Collections.Immutable;
using MlSql.Models.Trees;
using MlSql.Scoring.Kernels;

namespace MlSql.Scoring.Trees;

/// <summary>Where the kernel has a tree.</summary>
/// <param name="Group">The group of masks, or −1 for a walk.</param>
/// <param name="Index">Its number in the group, or among the walks.</param>
/// <param name="Output">The first output that it adds to.</param>
/// <param name="Width">How many outputs it adds to.</param>
/// <param name="Leaves">Its leaves.</param>
internal readonly record struct TreePlace(int Group, int Index, int Output, int Width, int Leaves);

/// <summary>Neighbours that share bins of a byte.</summary>
internal sealed record TreeGroup(BinLayout Layout, List<Tree> Trees);

/// <summary>Divides an ensemble's trees into groups that share bins of a byte, as many neighbours as these hold, and trees that are walked over bins of two bytes.</summary>
internal sealed class TreeGrouping
{
    private TreeGrouping(TreeStructure ensemble) => Wide = new(ensemble.Precision, BinWalk.MaxBins, oriented: false);

    /// <summary>The groups in the order of their trees.</summary>
    public List<TreeGroup> Groups { get; } = [];

    public List<Tree> Walked { get; } = [];

    /// <summary>The bins of the walked trees.</summary>
    public BinLayout Wide { get; }

    /// <summary>One a tree.</summary>
    public TreePlace[] Places { get; private set; } = [];

    /// <summary>Null where some tree must be walked over the values themselves: linear leaves, more cuts than any bins have, or numbers that the sums could not hold exactly.</summary>
    public static TreeGrouping? Of(TreeStructure ensemble, VectorPath path)
    {
        TreeGrouping grouping = new(ensemble) { Places = new TreePlace[ensemble.Trees.Length] };
        if (!AreExact(ensemble.Bases, ensemble.Precision)) return null;
        for (int i = 0; i < ensemble.Trees.Length; i++)
        {
            Tree tree = ensemble.Trees[i];
            // Only graphs ask whether a value is just that number, and rarely.
            if (!tree.Linear.IsEmpty || HasEqualToAny(tree) || !AreExact(tree.Values, ensemble.Precision)) return null;
            var place = new TreePlace(-1, grouping.Walked.Count, tree.Width == 1 ? tree.Output : 0, tree.Width, tree.Leaves.Length);
            if (path != VectorPath.Scalar && tree.Leaves.Length <= LeafMasks.MaxLeaves && grouping.TryGroup(tree, ensemble.Precision))
            {
                place = place with { Group = grouping.Groups.Count - 1, Index = grouping.Groups[^1].Trees.Count - 1 };
            }
            else
            {
                if (!grouping.Wide.TryAdd(tree)) return null;
                grouping.Walked.Add(tree);
            }
            grouping.Places[i] = place;
        }
        foreach (var (layout, _) in grouping.Groups) layout.Complete();
        grouping.Wide.Complete();
        return grouping;
    }

    private bool TryGroup(Tree tree, TreePrecision precision)
    {
        if (Groups.Count > 0 && Groups[^1].Layout.TryAdd(tree))
        {
            Groups[^1].Trees.Add(tree);
            return true;
        }
        BinLayout layout = new(precision, BinWriter.MaxBins, oriented: true);
        if (!layout.TryAdd(tree)) return false;
        Groups.Add(new(layout, [tree]));
        return true;
    }

    private static bool HasEqualToAny(Tree tree)
    {
        for (int i = 0; i < tree.Splits.Length; i++)
            if (tree.Splits[i].Test == SplitTest.EqualToAny) return true;
        return false;
    }

    // Sums of 32 bits are exact sums rounded once where both numbers have 32 bits. What is not finite may come out with other bits of NaN.
    private static bool AreExact(ImmutableArray<double> numbers, TreePrecision precision)
    {
        for (int i = 0; i < numbers.Length; i++)
            if (!double.IsFinite(numbers[i]) || precision == TreePrecision.Single && (float)numbers[i] != numbers[i]) return false;
        return true;
    }
}
