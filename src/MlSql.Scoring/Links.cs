using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Scoring;

/// <summary>The functions that turn scores into answers.</summary>
public static class Links
{
    /// <summary>
    /// 1 / (1 + e^−score) in place, within 2 units in the last place; the same bits on every CPU and however the scores are sliced. Never falls where the score rises,
    /// is at least 0.5 exactly when the score is at least 0, and keeps NaN.
    /// </summary>
    public static void Logistic(Span<double> scores) => Map<LogisticLink>(scores);

    /// <summary>e^score in place, within 2 units in the last place where the result is a normal number; the same bits on every CPU and however the scores are sliced. Keeps NaN.</summary>
    public static void Exponential(Span<double> scores) => Map<ExponentialLink>(scores);

    /// <summary>
    /// e^score over the sum of all outputs' e^score in place; the scores of the first output for all rows, then those of the next. The same bits on every CPU and however the rows are sliced; all NaN for a row that has one.
    /// </summary>
    public static void Softmax(Span<double> scores, int outputs)
    {
        const int Block = 256;
        int rows = scores.Length / outputs;
        Span<double> block = stackalloc double[Block];
        for (int start = 0; start < rows; start += Block)
        {
            var joint = block[..Math.Min(Block, rows - start)];
            scores.Slice(start, joint.Length).CopyTo(joint);
            for (int output = 1; output < outputs; output++)
            {
                var column = scores.Slice(output * rows + start, joint.Length);
                for (int i = 0; i < column.Length; i++) joint[i] = Math.Max(joint[i], column[i]);
            }
            for (int output = 0; output < outputs; output++)
            {
                var column = scores.Slice(output * rows + start, joint.Length);
                for (int i = 0; i < column.Length; i++) column[i] -= joint[i];
                Exponential(column);
            }
            joint.Clear();
            for (int output = 0; output < outputs; output++)
            {
                var column = scores.Slice(output * rows + start, joint.Length);
                for (int i = 0; i < column.Length; i++) joint[i] += column[i];
            }
            for (int output = 0; output < outputs; output++)
            {
                var column = scores.Slice(output * rows + start, joint.Length);
                for (int i = 0; i < column.Length; i++) column[i] /= joint[i];
            }
        }
    }

    /// <summary>
    /// The smallest score whose probability reaches the threshold: for every score, Logistic(score) ≥ threshold exactly when score ≥ LogOdds(threshold). 0 for 0.5.
    /// Throws <see cref="Columnar.CodedException"/> MLS4003 for a threshold outside of [0, 1].
    /// </summary>
    public static double LogOdds(double threshold)
    {
        if (!(threshold >= 0 && threshold <= 1)) throw ScoringErrors.Threshold(threshold);
        // Doubles in their order are whole numbers in theirs: halve the range of those until it is one.
        // Every probability is 0 at -800 and 1 at 800.
        long below = Ordinal(-800), reaches = Ordinal(800);
        if (threshold == 0) return double.NegativeInfinity;
        while ((ulong)(reaches - below) > 1)
        {
            long middle = below + (long)((ulong)(reaches - below) >> 1);
            double score = OfOrdinal(middle);
            Logistic(MemoryMarshal.CreateSpan(ref score, 1));
            if (score >= threshold) reaches = middle;
            else below = middle;
        }
        return OfOrdinal(reaches);
    }

    // Four at a time; the last few beside zeros, so that every score takes the same operations. Compiled at once, as all that it calls is put into it: vectors are slow until then.
    // Of 256 bits, as those of 512 took 53 ms to compile on a CPU that has none, in the first statement of a process, and these take 6; a score costs the same 5.5 ns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<TLink>(Span<double> scores) where TLink : ILink
    {
        ref double first = ref MemoryMarshal.GetReference(scores);
        int row = 0;
        for (; row <= scores.Length - 4; row += 4) TLink.Of(Vector256.LoadUnsafe(ref first, (nuint)row)).StoreUnsafe(ref first, (nuint)row);
        if (row == scores.Length) return;
        Span<double> tail = stackalloc double[4];
        scores[row..].CopyTo(tail);
        TLink.Of(Vector256.Create<double>(tail)).CopyTo(tail);
        tail[..(scores.Length - row)].CopyTo(scores[row..]);
    }

    private static long Ordinal(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        return bits >= 0 ? bits : long.MinValue - bits;
    }

    private static double OfOrdinal(long ordinal) => BitConverter.Int64BitsToDouble(ordinal >= 0 ? ordinal : long.MinValue - ordinal);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Logistic(Vector256<double> score)
    {
        var one = Vector256.Create(1.0);

        // Beyond these ends the answer is 1 or 0.
        var exponent = Vector256.ConditionalSelect(Vector256.LessThan(score, Vector256.Create(60.0)), -score, Vector256.Create(-60.0));
        exponent = Vector256.ConditionalSelect(Vector256.LessThan(exponent, Vector256.Create(750.0)), exponent, Vector256.Create(750.0));
        // 1 / (1 + e^-s), whose two roundings keep the order of their inputs.
        var power = Power(exponent, out var whole);

        // 2^k would overflow for answers near the smallest doubles: the part of k above 1,000 is taken off at the end.
        var kept = Vector256.Min(whole, Vector256.Create(1_000L));
        var answer = one / (one + power * PowerOfTwo(kept)) * PowerOfTwo(kept - whole);

        // A negative score too small to show in 1 + e^-s must not reach 0.5.
        var negative = Vector256.LessThan(score, Vector256<double>.Zero);
        answer = Vector256.ConditionalSelect(negative, Vector256.Min(answer, Vector256.Create(Math.BitDecrement(0.5))), answer);
        return Vector256.ConditionalSelect(Vector256.Equals(score, score), answer, score);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Exponential(Vector256<double> score)
    {
        // Beyond these ends the answer is 0 or infinite.
        var exponent = Vector256.ConditionalSelect(Vector256.LessThan(score, Vector256.Create(720.0)), score, Vector256.Create(720.0));
        exponent = Vector256.ConditionalSelect(Vector256.GreaterThan(exponent, Vector256.Create(-760.0)), exponent, Vector256.Create(-760.0));
        var power = Power(exponent, out var whole);
        var half = whole >> 1;
        return Vector256.ConditionalSelect(Vector256.Equals(score, score), power * PowerOfTwo(half) * PowerOfTwo(whole - half), score);
    }

    // e^x = power · 2^whole, and power = e^r with |r| <= ln 2 / 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Power(Vector256<double> exponent, out Vector256<long> whole)
    {
        const double Log2E = 1.4426950408889634;
        // ln 2 cut after 32 bits, so that its product with k is exact, and the rest.
        double ln2Upper = BitConverter.UInt64BitsToDouble(0x3FE62E42FEE00000), ln2Lower = BitConverter.UInt64BitsToDouble(0x3DEA39EF35793C76);
        // Adding 1.5 · 2^52 rounds to a whole number and leaves it in the low bits.
        var rounder = Vector256.Create(6_755_399_441_055_744.0);
        var one = Vector256.Create(1.0);

        var shifted = exponent * Vector256.Create(Log2E) + rounder;
        var k = shifted - rounder;
        var upper = exponent - k * Vector256.Create(ln2Upper);
        var lower = k * Vector256.Create(ln2Lower);
        var r = upper - lower;
        var rest = upper - r - lower;

        // 1/14! … 1/2!: with |r| <= ln 2 / 2 the first term left out is below 2^-66 of the result.
        var series = Vector256.Create(1.0 / 87_178_291_200) * r + Vector256.Create(1.0 / 6_227_020_800);
        series = series * r + Vector256.Create(1.0 / 479_001_600);
        series = series * r + Vector256.Create(1.0 / 39_916_800);
        series = series * r + Vector256.Create(1.0 / 3_628_800);
        series = series * r + Vector256.Create(1.0 / 362_880);
        series = series * r + Vector256.Create(1.0 / 40_320);
        series = series * r + Vector256.Create(1.0 / 5_040);
        series = series * r + Vector256.Create(1.0 / 720);
        series = series * r + Vector256.Create(1.0 / 120);
        series = series * r + Vector256.Create(1.0 / 24);
        series = series * r + Vector256.Create(1.0 / 6);
        series = series * r + Vector256.Create(1.0 / 2);
        var sum = one + r;
        whole = shifted.AsInt64() - rounder.AsInt64();
        return sum + (r * r * series + (one - sum + r + rest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> PowerOfTwo(Vector256<long> exponent) => Vector256.ShiftLeft(exponent + Vector256.Create(1_023L), 52).AsDouble();

    private interface ILink
    {
        static abstract Vector256<double> Of(Vector256<double> scores);
    }

    private readonly struct LogisticLink : ILink
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> scores) => Logistic(scores);
    }

    private readonly struct ExponentialLink : ILink
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> scores) => Exponential(scores);
    }
}
