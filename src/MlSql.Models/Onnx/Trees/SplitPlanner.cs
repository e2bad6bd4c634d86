using System.Collections.Immutable;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>Turns questions on symbolic columns into splits on encoded ones that give the same answer for every value.</summary>
internal sealed class SplitPlanner(EncodedColumns encoded, TreePrecision precision)
{
    private const int MostRanges = 4;

    // 512 bytes a set; whole numbers this small are exact in 32 bits.
    private const int MostCodes = 4_096;
    private const long ExactWhole = 1L << 53;

    /// <summary>The plan for a column. Throws <see cref="UnrecognisedException"/> where there is none.</summary>
    public SplitPlan Plan(SymbolicColumn column, Question question) => column switch
    {
        NumberColumn number => Plan(number, question),
        LevelColumn level => Plan(level, question),
        CodeColumn code => Plan(code, question),
        _ => throw new UnrecognisedException("its trees read texts"),
    };

    private SplitPlan Plan(NumberColumn column, Question question)
    {
        ImmutableArray<ElementStep> steps = Steps(column);
        double missing = double.NaN;
        foreach (ElementStep step in steps) missing = step.Of(missing);
        bool missingYes = question.Answer(missing);
        int index = encoded.IndexOf(column.Slot);
        // A set of levels is asked for what is cut to whole numbers.
        bool cut = steps.Any(step => step is TruncateStep);
        if (steps.All(step => step is TruncateStep or ReplaceStep { From: double.NaN }) && question.Points is [>= 0, ..] && question.Points[^1] < MostCodes && question.Points.All(double.IsInteger))
            return new([new(index, column.Slot.IsWhole || question.Cut || cut ? SplitTest.InSet : SplitTest.EqualToAny, 0, SetOf(question.Points.Select(p => (int)p)), missingYes, PlannedSplit.Yes, PlannedSplit.No)], false);
        Few(question.Ranges.Length);
        return Plan(index, ValueSet.Before(steps, precision, question.Ranges), missingYes, column.Slot);
    }

    // Whatever is not a 32-bit number yet where 32 bits are compared must become one before anything else happens to it.
    private ImmutableArray<ElementStep> Steps(NumberColumn column)
    {
        ImmutableArray<ElementStep> steps = column.Steps;
        TensorElement source = column.Slot.Element;
        if (precision == TreePrecision.Double) return source == TensorElement.Float ? steps.Insert(0, new CastStep(TreePrecision.Single)) : steps;
        if (source == TensorElement.Float) return steps;
        // 64 bits hold these as they are.
        if (source is not (TensorElement.Int64 or TensorElement.UInt64) && steps is [CastStep { To: TreePrecision.Double }, ..]) steps = steps.RemoveAt(0);
        int cast = steps.IndexOf(new CastStep(TreePrecision.Single));
        // What is put in the place of NaN may as well be put there after the rounding.
        if (cast > 0 && steps[..cast].All(step => step is ReplaceStep { From: double.NaN } replace && (float)replace.With == replace.With)) return steps.RemoveAt(cast);
        if (cast < 0 && column.Slot.IsWhole && steps.IsEmpty) return steps;
        return cast == 0 ? steps.RemoveAt(0) : throw new UnrecognisedException($"it computes with {source} before its trees compare 32-bit numbers");
    }

    private static SplitPlan Plan(int column, ImmutableArray<ValueRange> ranges, bool missingYes, InputSlot slot)
    {
        Few(ranges.Length);
        List<(SplitTest Test, double Threshold, int Left)> tests = [];
        bool last = false;
        foreach (ValueRange range in ranges)
        {
            if (range.From > double.NegativeInfinity) tests.Add((SplitTest.Below, range.From, PlannedSplit.No));
            last = range.To == double.PositiveInfinity;
            if (!last) tests.Add((SplitTest.AtMost, range.To, PlannedSplit.Yes));
        }
        // What no test took: above the last range, or all numbers.
        int end = PlannedSplit.Of(last);
        if (tests.Count == 0)
        {
            if (missingYes == last) return SplitPlan.Constant(last);
            tests.Add((SplitTest.AtMost, double.PositiveInfinity, end));
            end = PlannedSplit.Of(missingYes);
        }
        if (slot.Element is TensorElement.Int64 or TensorElement.UInt64 && tests.Any(t => double.IsFinite(t.Threshold) && Math.Abs(t.Threshold) >= ExactWhole)) throw new UnrecognisedException("it compares whole numbers beyond 2^53");
        var splits = ImmutableArray.CreateBuilder<PlannedSplit>(tests.Count);
        for (int i = 0; i < tests.Count; i++)
        {
            (SplitTest test, double threshold, int left) = tests[i];
            splits.Add(new(column, test, threshold, null, left == PlannedSplit.Of(missingYes), left, i + 1 < tests.Count ? i + 1 : end));
        }
        return new(splits.MoveToImmutable(), false);
    }

    private SplitPlan Plan(LevelColumn column, Question question)
    {
        bool other = question.Answer(column.Other);
        bool Answer(string level) => column.Levels.TryGetValue(level, out double value) ? question.Answer(value) : other;

        string[] exceptions = [.. column.Levels.Keys.Where(level => Answer(level) != other)];
        if (exceptions.Length == 0) return SplitPlan.Constant(other);
        // A graph is given the empty text for NULL.
        bool missingLeft = Answer("") != other;
        return new([new(encoded.IndexOf(column.Slot), SplitTest.InSet, 0, SetOf(exceptions.Select(level => encoded.LevelOf(column.Slot, level))), missingLeft, PlannedSplit.Of(!other), PlannedSplit.Of(other))], false);
    }

    private SplitPlan Plan(CodeColumn column, Question question)
    {
        bool other = question.Answer(column.Other);
        long[] exceptions = [.. column.Codes.Where(p => question.Answer(p.Value) != other).Select(p => p.Key).Order()];
        if (exceptions.Length == 0) return SplitPlan.Constant(other);
        int index = encoded.IndexOf(column.Slot);
        if (exceptions[0] >= 0 && exceptions[^1] < MostCodes)
            return new([new(index, SplitTest.InSet, 0, SetOf(exceptions.Select(code => (int)code)), false, PlannedSplit.Of(!other), PlannedSplit.Of(other))], false);
        if (exceptions.Any(code => Math.Abs(code) >= 1 << 24)) throw new UnrecognisedException("it looks up whole numbers beyond 2^24");
        SplitPlan plan = Plan(index, [.. exceptions.Select(code => new ValueRange(code, code))], false, column.Slot);
        return other ? plan with { Splits = [.. plan.Splits.Select(s => s with { Left = Swapped(s.Left), Right = Swapped(s.Right) })], Always = !plan.Always } : plan;
    }

    private static void Few(int ranges)
    {
        if (ranges > MostRanges) throw new UnrecognisedException($"a node of it asks for {ranges} separate values");
    }

    private static int Swapped(int child) => child switch { PlannedSplit.Yes => PlannedSplit.No, PlannedSplit.No => PlannedSplit.Yes, _ => child };

    private static CategorySet SetOf(IEnumerable<int> members)
    {
        int[] all = [.. members];
        ulong[] words = new ulong[all.Max() / 64 + 1];
        foreach (int member in all) words[member / 64] |= 1UL << member % 64;
        return new([.. words]);
    }
}
