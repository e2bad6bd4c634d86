using System.Collections.Immutable;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>Numbers from <paramref name="From"/> to <paramref name="To"/>, both within.</summary>
internal readonly record struct ValueRange(double From, double To)
{
    public static ValueRange All => new(double.NegativeInfinity, double.PositiveInfinity);

    public bool Contains(double value) => value >= From && value <= To;
}

/// <summary>
/// A set of numbers, NaN apart, as ascending ranges, and what steps before a test make of it: the numbers that, after the steps with all their roundings, are in the set. Found by halving the range of all numbers, in which a monotone step turns once.
/// </summary>
internal static class ValueSet
{
    /// <summary>The set before some steps, whose arguments are rounded to <paramref name="precision"/> first.</summary>
    public static ImmutableArray<ValueRange> Before(ImmutableArray<ElementStep> steps, TreePrecision precision, ImmutableArray<ValueRange> set)
    {
        TreePrecision[] arguments = new TreePrecision[steps.Length];
        for (int i = 0; i < steps.Length; i++) precision = steps[i].Result(arguments[i] = precision);
        for (int i = steps.Length - 1; i >= 0; i--) set = steps[i] is ReplaceStep replace ? Before(replace, arguments[i], set) : Before(steps[i], arguments[i], set);
        return set;
    }

    private static ImmutableArray<ValueRange> Before(ElementStep step, TreePrecision argument, ImmutableArray<ValueRange> set)
    {
        var before = ImmutableArray.CreateBuilder<ValueRange>();
        foreach (ValueRange range in set)
        {
            double from = First(argument, x => step.IsRising ? step.Of(x) >= range.From : step.Of(x) <= range.To);
            double to = Previous(argument, First(argument, x => step.IsRising ? step.Of(x) > range.To : step.Of(x) < range.From));
            if (from <= to) before.Add(new(from, to));
        }
        if (!step.IsRising) before.Reverse();
        return before.ToImmutable();
    }

    private static ImmutableArray<ValueRange> Before(ReplaceStep step, TreePrecision argument, ImmutableArray<ValueRange> set)
    {
        if (double.IsNaN(step.From)) return set;
        bool wanted = set.Any(r => r.Contains(step.With)), given = set.Any(r => r.Contains(step.From));
        if (wanted == given) return set;
        var before = ImmutableArray.CreateBuilder<ValueRange>();
        if (wanted)
        {
            before.AddRange(set);
            before.Add(new(step.From, step.From));
            before.Sort((a, b) => a.From.CompareTo(b.From));
            return before.ToImmutable();
        }
        foreach (ValueRange range in set)
        {
            if (!range.Contains(step.From))
            {
                before.Add(range);
                continue;
            }
            if (range.From < step.From) before.Add(range with { To = Previous(argument, step.From) });
            if (range.To > step.From) before.Add(range with { From = Next(argument, step.From) });
        }
        return before.ToImmutable();
    }

    /// <summary>The next larger number of a precision; NaN after infinity.</summary>
    public static double Next(TreePrecision precision, double value) => value == double.PositiveInfinity ? double.NaN : precision == TreePrecision.Single ? MathF.BitIncrement((float)value) : Math.BitIncrement(value);

    /// <summary>The next smaller number of a precision; NaN before minus infinity, infinity before NaN.</summary>
    public static double Previous(TreePrecision precision, double value) =>
        double.IsNaN(value) ? double.PositiveInfinity : value == double.NegativeInfinity ? double.NaN : precision == TreePrecision.Single ? MathF.BitDecrement((float)value) : Math.BitDecrement(value);

    // The smallest number that passes a test which all larger ones pass too; NaN for none.
    private static double First(TreePrecision precision, Func<double, bool> passes)
    {
        long below = Ordinal(precision, double.NegativeInfinity) - 1, passing = Ordinal(precision, double.PositiveInfinity) + 1, end = passing;
        while ((ulong)(passing - below) > 1)
        {
            long middle = below + (long)((ulong)(passing - below) >> 1);
            if (passes(OfOrdinal(precision, middle))) passing = middle;
            else below = middle;
        }
        return passing == end ? double.NaN : OfOrdinal(precision, passing);
    }

    // Numbers in their order as whole numbers in theirs; both zeros are 0.
    private static long Ordinal(TreePrecision precision, double value)
    {
        if (precision == TreePrecision.Double)
        {
            long bits = BitConverter.DoubleToInt64Bits(value);
            return bits >= 0 ? bits : long.MinValue - bits;
        }
        int single = BitConverter.SingleToInt32Bits((float)value);
        return single >= 0 ? single : int.MinValue - single;
    }

    private static double OfOrdinal(TreePrecision precision, long ordinal) => precision == TreePrecision.Double
        ? BitConverter.Int64BitsToDouble(ordinal >= 0 ? ordinal : long.MinValue - ordinal)
        : BitConverter.Int32BitsToSingle((int)(ordinal >= 0 ? ordinal : int.MinValue - ordinal));
}
