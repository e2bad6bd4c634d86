using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>What the splits of plain trees compare of a row: an encoded column under a rule for missing values each. Filled while tables are built, then safe for any number of threads at once.</summary>
internal sealed class RowSlots(TreePrecision precision)
{
    private const double NearZero = 1e-35f;

    private readonly List<Slot> _slots = [];
    private readonly Dictionary<Slot, int> _known = [];

    public int Count => _slots.Count;

    /// <summary>True for a tree whose every split compares with a cut and whose leaves hold numbers.</summary>
    public static bool IsPlain(Tree tree, TreePrecision precision)
    {
        if (!tree.Linear.IsEmpty) return false;
        foreach (TreeSplit split in tree.Splits)
            if (split.Test is not (SplitTest.AtMost or SplitTest.Below) || double.IsNaN(SplitCut.Of(split, precision))) return false;
        return true;
    }

    /// <summary>The place of what a split compares; a new one where no split has compared it before.</summary>
    public int IndexOf(in TreeSplit split)
    {
        Slot slot = new(split.Column, split.Missing, split.Missing != MissingRule.None && split.MissingLeft);
        if (!_known.TryGetValue(slot, out int index))
        {
            _known.Add(slot, index = _slots.Count);
            _slots.Add(slot);
        }
        return index;
    }

    /// <summary>Writes a row's values, one a slot. A missing value becomes one that every cut sends where it belongs: NaN is at most nothing, −∞ at most everything.</summary>
    public void Write(ReadOnlySpan<double> row, Span<double> values)
    {
        bool single = precision == TreePrecision.Single;
        for (int i = 0; i < _slots.Count; i++)
        {
            Slot slot = _slots[i];
            double value = single ? (float)row[slot.Column] : row[slot.Column];
            if (double.IsNaN(value) || (slot.Rule == MissingRule.ZeroOrNaN && Math.Abs(value) <= NearZero))
                value = slot.Rule == MissingRule.None ? 0 : slot.Left ? double.NegativeInfinity : double.NaN;
            values[i] = value;
        }
    }

    private readonly record struct Slot(int Column, MissingRule Rule, bool Left);
}
