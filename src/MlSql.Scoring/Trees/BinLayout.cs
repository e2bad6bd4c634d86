using MlSql.Models.Trees;

namespace MlSql.Scoring.Trees;

/// <summary>
/// Which bins some trees of an ensemble read: the trees' own cuts, so that comparing bins answers exactly what comparing values does. Slots of bins are numbered from 0; each takes one number a row.
/// </summary>
/// <param name="precision">What values are compared in.</param>
/// <param name="bins">The most bins a column may have.</param>
/// <param name="oriented">Whether splits whose right subtree is the smaller one read bins that are counted from above (255 − bin): see <see cref="Kernels.LeafMaskBuilder"/>.</param>
internal sealed class BinLayout(TreePrecision precision, int bins, bool oriented)
{
    private readonly Dictionary<int, CutColumn> _cuts = [];
    private Dictionary<int, ClassColumn> _classes = [];

    public IEnumerable<CutColumn> Cuts => _cuts.Values;

    public IEnumerable<ClassColumn> Classes => _classes.Values;

    public int Slots { get; private set; }

    public TreePrecision Precision => precision;

    /// <summary>Takes up a tree; false, and nothing changes, when some column would have too many bins or a split lets no number pass.</summary>
    public bool TryAdd(Tree tree)
    {
        Dictionary<int, HashSet<double>> added = [];
        Dictionary<int, ClassColumn>? classes = null;
        for (int i = 0; i < tree.Splits.Length; i++)
        {
            TreeSplit split = tree.Splits[i];
            if (split.Test == SplitTest.InSet)
            {
                classes ??= new(_classes);
                ClassColumn column = classes.GetValueOrDefault(split.Column) ?? new(split.Column);
                if (column.With(tree.Sets[(int)split.Threshold], bins) is not { } more) return false;
                classes[split.Column] = more;
                continue;
            }
            double cut = SplitCut.Of(split, precision);
            if (double.IsNaN(cut)) return false;
            var known = _cuts.GetValueOrDefault(split.Column);
            if (known is not null && known.Has(cut)) continue;
            if (!added.TryGetValue(split.Column, out var cuts)) added.Add(split.Column, cuts = []);
            cuts.Add(cut);
            if ((known?.Count ?? 0) + cuts.Count >= bins) return false;
        }
        _classes = classes ?? _classes;
        bool[] reversed = Reversed(tree);
        for (int i = 0; i < tree.Splits.Length; i++)
        {
            TreeSplit split = tree.Splits[i];
            if (split.Test == SplitTest.InSet) continue;
            if (!_cuts.TryGetValue(split.Column, out var column)) _cuts.Add(split.Column, column = new(split.Column));
            column.Add(SplitCut.Of(split, precision), BinTreatment.Of(split, reversed[i]));
        }
        return true;
    }

    /// <summary>No tree is added any more: slots get their numbers.</summary>
    public void Complete()
    {
        foreach (CutColumn column in _cuts.Values) Slots = column.Complete(Slots);
        foreach (ClassColumn column in _classes.Values) Slots = column.Complete(Slots);
    }

    /// <summary>For each split of a tree whether its right subtree has fewer leaves than its left one; never where the layout is not oriented.</summary>
    public bool[] Reversed(Tree tree)
    {
        bool[] reversed = new bool[tree.Splits.Length];
        if (!oriented) return reversed;
        int[] leaves = new int[tree.Splits.Length];
        int Leaves(int node) => node < 0 ? 1 : leaves[node];
        // Children come behind their parents.
        for (int i = leaves.Length - 1; i >= 0; i--)
        {
            TreeSplit split = tree.Splits[i];
            leaves[i] = Leaves(split.Left) + Leaves(split.Right);
            reversed[i] = Leaves(split.Right) < Leaves(split.Left);
        }
        return reversed;
    }

    /// <summary>The slot that a split reads.</summary>
    public int SlotOf(in TreeSplit split, bool reversed = false) => split.Test == SplitTest.InSet ? _classes[split.Column].Slot : _cuts[split.Column].SlotOf(BinTreatment.Of(split, reversed));

    /// <summary>Of a split that compares: larger bins go right.</summary>
    public int LastBinLeft(in TreeSplit split) => _cuts[split.Column].BinOf(SplitCut.Of(split, precision));

    /// <summary>Of a split by a set: its column's classes.</summary>
    public ClassColumn ClassesOf(in TreeSplit split) => _classes[split.Column];
}
