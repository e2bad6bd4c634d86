using MlSql.Models.Trees;

namespace MlSql.Scoring.Trees;

/// <summary>
/// A column that splits ask for sets of categories: categories that every set treats alike are one class, and a value's bin is its class. Behind the classes come one for numbers near 0, one for NaN and one for what is in no set.
/// </summary>
internal sealed class ClassColumn(int column)
{
    /// <summary>Bins behind the classes.</summary>
    public const int Special = 3;

    // Beyond, tables take more memory and time than a walk is worth.
    private const int MaxCategories = 65_536;

    private ushort[] _classes = [];

    public int Column { get; } = column;

    /// <summary>The column's slot, once its classes are complete.</summary>
    public int Slot { get; private set; }

    /// <summary>Classes of categories.</summary>
    public int Count { get; private set; }

    public int NearZero => Count;

    public int NaN => Count + 1;

    public int None => Count + 2;

    public int Bins => Count + Special;

    /// <summary>The class of each category; what lies behind is in no set.</summary>
    public ReadOnlySpan<ushort> Classes => _classes;

    /// <summary>The same with one more set; null when it would have more bins than allowed.</summary>
    public ClassColumn? With(CategorySet set, int bins)
    {
        if (set.Words.Length > MaxCategories / 64) return null;
        ClassColumn more = new(Column) { Slot = Slot, _classes = new ushort[Math.Max(_classes.Length, set.Words.Length * 64)] };
        // What was in no set was alike until now.
        int[] inside = new int[Count + 1], outside = new int[Count + 1];
        Array.Fill(inside, -1);
        Array.Fill(outside, -1);
        for (int category = 0; category < more._classes.Length; category++)
        {
            int old = category < _classes.Length ? _classes[category] : Count;
            ref int renamed = ref (set.Contains(category) ? inside : outside)[old];
            if (renamed < 0) renamed = more.Count++;
            if (more.Bins > bins) return null;
            more._classes[category] = (ushort)renamed;
        }
        return more;
    }

    /// <summary>Takes the next free slot, and gives the one after it.</summary>
    public int Complete(int slot)
    {
        Slot = slot;
        return slot + 1;
    }

    /// <summary>Sets the bit of every bin that goes right at a split.</summary>
    public void MarkRight(in TreeSplit split, CategorySet set, Span<ulong> right)
    {
        right.Clear();
        for (int category = 0; category < _classes.Length; category++)
            if (!set.Contains(category)) Mark(_classes[category], right);
        bool zero = set.Contains(0);
        if (!(split.Missing == MissingRule.ZeroOrNaN ? split.MissingLeft : zero)) Mark(NearZero, right);
        if (!(split.Missing == MissingRule.None ? zero : split.MissingLeft)) Mark(NaN, right);
        Mark(None, right);
    }

    private static void Mark(int bin, Span<ulong> bits) => bits[bin >> 6] |= 1UL << (bin & 63);
}
