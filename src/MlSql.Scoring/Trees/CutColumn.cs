using MlSql.Models.Trees;

namespace MlSql.Scoring.Trees;

/// <summary>A way to treat missing values, and whether bins are counted from above; each has bins of its own.</summary>
internal sealed record BinTreatment(MissingRule Rule, bool Left, bool Reversed)
{
    /// <summary>A split's treatment; the direction counts only where something is missing.</summary>
    public static BinTreatment Of(in TreeSplit split, bool reversed) => new(split.Missing, split.Missing != MissingRule.None && split.MissingLeft, reversed);

    /// <summary>The bin of a missing value, counted from below: bin 0 goes left at every cut, the last one right.</summary>
    public int Bin(CutColumn column) => Rule == MissingRule.None ? column.BinOf(0) : Left ? 0 : column.Cuts.Length;
}

/// <summary>A column that splits compare with numbers: its cuts, and a slot of bins for each treatment of missing values. A value's bin is the number of cuts below it.</summary>
internal sealed class CutColumn(int column)
{
    private readonly HashSet<double> _cuts = [];
    private readonly List<BinTreatment> _treatments = [];

    public int Column { get; } = column;

    /// <summary>The cuts in their order, once they are complete.</summary>
    public double[] Cuts { get; private set; } = [];

    /// <summary>The slot of the first treatment; the others' follow.</summary>
    public int FirstSlot { get; private set; }

    public IReadOnlyList<BinTreatment> Treatments => _treatments;

    public int Count => _cuts.Count;

    public bool Has(double cut) => _cuts.Contains(cut);

    public void Add(double cut, BinTreatment treatment)
    {
        _cuts.Add(cut);
        if (!_treatments.Contains(treatment)) _treatments.Add(treatment);
    }

    /// <summary>No cut is added any more. Gives the next free slot.</summary>
    public int Complete(int slot)
    {
        Cuts = [.. _cuts];
        Array.Sort(Cuts);
        FirstSlot = slot;
        return slot + _treatments.Count;
    }

    public int SlotOf(BinTreatment treatment) => FirstSlot + _treatments.IndexOf(treatment);

    /// <summary>The bin of a number that is not NaN.</summary>
    public int BinOf(double value)
    {
        int found = Array.BinarySearch(Cuts, value + 0.0);
        return found >= 0 ? found : ~found;
    }
}
