using System.Collections.Immutable;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>One of the splits that together answer a node's question. A child is another split of the plan, or <see cref="Yes"/> or <see cref="No"/>.</summary>
internal readonly record struct PlannedSplit(int Column, SplitTest Test, double Threshold, CategorySet? Set, bool MissingLeft, int Left, int Right)
{
    public const int Yes = -1;
    public const int No = -2;

    public static int Of(bool answer) => answer ? Yes : No;
}

/// <summary>How a node's question is answered: by splits, the first of which is asked first, or, where there are none, by <paramref name="Always"/>.</summary>
internal sealed record SplitPlan(ImmutableArray<PlannedSplit> Splits, bool Always)
{
    public static SplitPlan Constant(bool answer) => new([], answer);
}

/// <summary>What a node asks of its column's value.</summary>
/// <param name="Ranges">The values that answer yes.</param>
/// <param name="Points">Those values where they are single ones, ascending; empty for another question.</param>
/// <param name="Cut">True where values are cut to whole numbers before they are compared with the points.</param>
/// <param name="Missing">The answer for NaN.</param>
internal sealed record Question(ImmutableArray<ValueRange> Ranges, ImmutableArray<double> Points, bool Cut, bool Missing)
{
    private const double MostCut = 1 << 22;

    public bool Answer(double value) => double.IsNaN(value) ? Missing : Ranges.Any(r => r.Contains(value));

    public static Question Of(BranchMode mode, double threshold, bool missing, TreePrecision precision) => new(mode switch
    {
        BranchMode.AtMost => [new(double.NegativeInfinity, threshold)],
        BranchMode.Below => threshold == double.NegativeInfinity ? [] : [new(double.NegativeInfinity, ValueSet.Previous(precision, threshold))],
        BranchMode.AtLeast => [new(threshold, double.PositiveInfinity)],
        BranchMode.Above => threshold == double.PositiveInfinity ? [] : [new(ValueSet.Next(precision, threshold), double.PositiveInfinity)],
        _ => throw new System.Diagnostics.UnreachableException(mode.ToString()),
    }, [], false, missing);

    public static Question Of(IEnumerable<double> points, bool missing)
    {
        // Both zeros are one value.
        ImmutableArray<double> sorted = [.. points.Select(p => p == 0 ? 0 : p).Distinct().Order()];
        return new([.. sorted.Select(p => new ValueRange(p, p))], sorted, false, missing);
    }

    /// <summary>
    /// Whether a value is a member of a set of ai.onnx.ml 5. ONNX Runtime cuts values to whole numbers, toward 0, where the set has several members, all whole, and one that does not fit into a mask of 32 bits.
    /// </summary>
    public static Question OfMembers(double[] members, bool missing, TreePrecision precision)
    {
        Question exact = Of(members, missing);
        if (members.Length < 2 || !members.All(double.IsInteger) || members.All(m => m is >= 0 and < 32)) return exact;
        if (members.Any(m => Math.Abs(m) >= MostCut)) throw new UnrecognisedException("a set of it has whole numbers beyond 2^22");
        return exact with { Cut = true, Ranges = [.. exact.Points.Select(p => new ValueRange(p > 0 ? p : ValueSet.Next(precision, p - 1), p < 0 ? p : ValueSet.Previous(precision, p + 1)))] };
    }
}
