using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using MlSql.Columnar;
using MlSql.Scoring;

namespace MlSql.UnitTests.Scoring;

internal sealed class LinksTests
{
    [Test]
    public void Known_points_are_exact()
    {
        double[] scores = [0.0, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 40, 1e300, -1e300];
        Links.Logistic(scores);
        Assert.That(scores, Is.EqualTo([0.5, 0.5, 1, 0, double.NaN, 1, 1, 0]));
    }

    [Test]
    public void Answers_lie_within_two_units_in_the_last_place()
    {
        var random = new Random(1);
        for (int i = 0; i < 3_000; i++)
        {
            double score = i % 3 == 0 ? (random.NextDouble() - 0.5) * 1_490 : i % 3 == 1 ? (random.NextDouble() - 0.5) * 20 : Math.Pow(10, -20 * random.NextDouble()) * random.Next(-1, 2);
            double exact = ExactLogistic(score);
            Assert.That(Math.Abs(One(score) - exact), Is.LessThanOrEqualTo(2 * (Math.BitIncrement(exact) - exact)), score.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    [Test]
    public void A_larger_score_never_gives_a_smaller_answer() =>
        Prop.ForAll<double>(start =>
        {
            if (!double.IsFinite(start)) return;
            foreach (double centre in (double[])[start, start % 800, start % 3, 0.34657359027997264, -0.34657359027997264, 0, -693.5])
            {
                double[] scores = new double[400];
                scores[0] = centre;
                for (int i = 1; i < scores.Length; i++) scores[i] = Math.BitIncrement(scores[i - 1]);
                Links.Logistic(scores);
                for (int i = 1; i < scores.Length; i++) Assert.That(scores[i], Is.GreaterThanOrEqualTo(scores[i - 1]), $"{centre:R} + {i}");
            }
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Any_slicing_gives_the_same_bits()
    {
        var random = new Random(2);
        double[] scores = [.. Enumerable.Range(0, 131).Select(_ => (random.NextDouble() - 0.5) * 100)];
        double[] whole = [.. scores];
        Links.Logistic(whole);
        for (int length = 0; length <= scores.Length; length++)
        {
            double[] sliced = [.. scores];
            Links.Logistic(sliced.AsSpan(0, length));
            Links.Logistic(sliced.AsSpan(length));
            Assert.That(sliced, Is.EqualTo(whole));
        }
    }

    [Test]
    public void Half_is_reached_exactly_at_zero()
    {
        Assert.That(Links.LogOdds(0.5), Is.Zero);
        Assert.That(One(-double.Epsilon), Is.LessThan(0.5));
        Assert.That(One(-1e-17), Is.LessThan(0.5));
        Assert.That(One(double.Epsilon), Is.EqualTo(0.5));
    }

    [Test]
    public void The_score_decides_a_threshold_as_the_probability_does([Values(1e-300, 1e-9, 0.1, 0.25, 0.3, 0.5, 0.9, 0.999999, 1.0)] double threshold)
    {
        double cut = Links.LogOdds(threshold);
        Assert.That(One(cut), Is.GreaterThanOrEqualTo(threshold));
        Assert.That(One(Math.BitDecrement(cut)), Is.LessThan(threshold));
        if (threshold < 0.999) Assert.That(cut, Is.EqualTo(Math.Log(threshold / (1 - threshold))).Within(1e-13 * Math.Max(1, Math.Abs(cut))));
    }

    [Test]
    public void Every_row_reaches_a_threshold_of_zero_and_one_beyond_the_ends_is_refused()
    {
        Assert.That(Links.LogOdds(0), Is.EqualTo(double.NegativeInfinity));
        foreach (double threshold in (double[])[-0.1, 1.1, double.NaN])
            Assert.That(() => Links.LogOdds(threshold), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS4003"));
    }

    [Test]
    public void Classes_follow_the_threshold()
    {
        double[] scores = [-1, 0, 1, double.NaN, double.NegativeInfinity, double.PositiveInfinity];
        int[] classes = new int[scores.Length];
        new ClassDecoder(0.5).Decode(scores, classes);
        Assert.That(classes, Is.EqualTo([0, 1, 1, -1, 0, 1]));
        new ClassDecoder(0.7).Decode(scores, classes);
        Assert.That(classes, Is.EqualTo([0, 0, 1, -1, 0, 1]));
        new ClassDecoder(0).Decode(scores, classes);
        Assert.That(classes, Is.EqualTo([1, 1, 1, -1, 1, 1]));
    }

    private static double One(double score)
    {
        double[] one = [score];
        Links.Logistic(one);
        return one[0];
    }

    // 1 / (1 + e^-s) in fixed point with 1,300 bits: e^-|s| as the 2^20-th power of the series at s / 2^20.
    private static double ExactLogistic(double score)
    {
        const int Bits = 1_300, Halvings = 20;
        var one = BigInteger.One << Bits;
        var x = FixedPoint(-Math.Abs(score), Bits) >> Halvings;
        BigInteger term = one, power = one;
        for (int n = 1; !term.IsZero && term != -1 && n < 200; n++)
        {
            term = (term * x >> Bits) / n;
            power += term;
        }
        for (int i = 0; i < Halvings; i++) power = power * power >> Bits;
        var numerator = score >= 0 ? one : power;
        return Nearest((numerator << Bits) / (one + power), Bits);
    }

    private static BigInteger FixedPoint(double value, int bits)
    {
        long raw = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(raw >> 52 & 0x7FF);
        BigInteger mantissa = (raw & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        int shift = Math.Max(exponent, 1) - 1_075 + bits;
        mantissa = shift >= 0 ? mantissa << shift : mantissa >> -shift;
        return raw < 0 ? -mantissa : mantissa;
    }

    private static double Nearest(BigInteger value, int bits)
    {
        int drop = Math.Max((int)value.GetBitLength() - 53, bits - 1_074);
        var mantissa = value + (BigInteger.One << drop - 1) >> drop;
        return Math.ScaleB((double)(long)mantissa, drop - bits);
    }
}
