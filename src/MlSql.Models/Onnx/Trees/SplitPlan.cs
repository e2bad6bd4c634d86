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
/// <param name="Missing">The answer for NaN.</param>
internal sealed record Question(ImmutableArray<ValueRange> Ranges, ImmutableArray<double> Points, bool Missing)
{
    public bool Answer(double value) => double.IsNaN(value) ? Missing : Ranges.Any(r => r.Contains(value));

    public static Question Of(BranchMode mode, double threshold, bool missing, TreePrecision precision) => new(mode switch
    {
        BranchMode.AtMost => [new(double.NegativeInfinity, threshold)],
        BranchMode.Below => threshold == double.NegativeInfinity ? [] : [new(double.NegativeInfinity, ValueSet.Previous(precision, threshold))],
        BranchMode.AtLeast => [new(threshold, double.PositiveInfinity)],
        BranchMode.Above => threshold == double.PositiveInfinity ? [] : [new(ValueSet.Next(precision, threshold), double.PositiveInfinity)],
        _ => throw new System.Diagnostics.UnreachableException(mode.ToString()),
    }, [], missing);

    public static Question Of(IEnumerable<double> points, bool missing)
    {
        // Both zeros are one value.
        ImmutableArray<double> sorted = [.. points.Select(p => p == 0 ? 0 : p).Distinct().Order()];
        return new([.. sorted.Select(p => new ValueRange(p, p))], sorted, missing);
    }
}
