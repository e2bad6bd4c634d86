using System.Runtime.Intrinsics;
using MlSql.Training.Kernels;

namespace MlSql.UnitTests.Training;

/// <summary>Kernels against plain loops and the framework's functions.</summary>
internal sealed class KernelTests
{
    private static readonly Random Dice = new(1);

    [Test]
    public void Exp_is_within_two_units_in_the_last_place()
    {
        for (int i = 0; i < 200_000; i++)
        {
            double x = (Dice.NextDouble() - 0.5) * (i % 2 == 0 ? 1_400 : 2);
            double expected = Math.Exp(x);
            Assert.That(Elementary.Exp(x), Is.EqualTo(expected).Within(2 * Math.BitIncrement(expected) - 2 * expected), $"{x:R}");
        }
        Assert.That(Elementary.Exp(0), Is.EqualTo(1));
        Assert.That(Elementary.Exp(-1e9), Is.EqualTo(Elementary.Exp(-Elementary.ExpLimit)));
    }

    [Test]
    public void Log_is_within_two_units_in_the_last_place()
    {
        for (int i = 0; i < 200_000; i++)
        {
            double x = i % 2 == 0 ? Math.Exp((Dice.NextDouble() - 0.5) * 1_400) : Dice.NextDouble() + 0.5;
            double expected = Math.Log(x), unit = Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected);
            Assert.That(Elementary.Log(x), Is.EqualTo(expected).Within(2 * unit), $"{x:R}");
        }
        Assert.That(Elementary.Log(1), Is.Zero);
        Assert.That(Elementary.Log(0), Is.EqualTo(double.NegativeInfinity));
        Assert.That(Elementary.Log(double.Epsilon), Is.EqualTo(Math.Log(double.Epsilon)).Within(1e-12));
    }

    [Test]
    public void Log_of_one_plus_a_little_keeps_the_little()
    {
        foreach ((double t, double expected) in ((double, double)[])[(1e-300, 1e-300), (1e-18, 1e-18), (1e-9, 9.999999995e-10), (0.1, 0.0953101798043248600439521), (1, 0.693147180559945309417232)])
            Assert.That(Elementary.Log1P(t), Is.EqualTo(expected).Within(4e-16 * expected), $"{t:R}");
    }

    [Test]
    public void Vector_forms_have_the_bits_of_the_scalar_ones()
    {
        for (int i = 0; i < 20_000; i++)
        {
            double x = (Dice.NextDouble() - 0.5) * 1_500, t = Dice.NextDouble();
            Assert.That(Elementary.Exp(Vector512.Create(x))[3], Is.EqualTo(Elementary.Exp(x)));
            Assert.That(Elementary.Log1P(Vector512.Create(t))[3], Is.EqualTo(Elementary.Log1P(t)));
            double[] many = [x, x, x, x, x, x, x, x, x];
            Elementary.Sigmoid(many);
            Assert.That(many[0], Is.EqualTo(many[8]));
            Assert.That(many[8], Is.EqualTo(1 / (1 + Math.Exp(-x))).Within(1e-15));
        }
    }

    [Test]
    public void Logistic_loss_residual_and_curvature_equal_their_formulas()
    {
        double[] scores = [-800, -3, -0.1, 0, 0.2, 4, 30, 800], labels = [0, 1, 0, 1, 1, 0, 1, 1], weights = [1, 2, 0.5, 1, 1, 3, 1, 1];
        double[] residuals = new double[8], curvatures = new double[8];
        double loss = LogisticKernel.Evaluate(scores, labels, weights, residuals, curvatures), expected = 0;
        for (int i = 0; i < 8; i++)
        {
            double p = 1 / (1 + Math.Exp(-scores[i])), margin = labels[i] == 1 ? scores[i] : -scores[i];
            expected += weights[i] * (margin < -30 ? -margin : Math.Log(1 + Math.Exp(-margin)));
            Assert.That(residuals[i], Is.EqualTo(weights[i] * (p - labels[i])).Within(1e-15 * weights[i]));
            Assert.That(curvatures[i], Is.EqualTo(weights[i] * p * (1 - p)).Within(1e-15 * weights[i]));
        }
        Assert.That(loss, Is.EqualTo(expected).Within(1e-12));
    }

    [TestCase(4, 8)]
    [TestCase(12, 256)]
    public void Gram_sums_equal_a_plain_loop(int columns, int rows)
    {
        const int Stride = 256;
        double[] tile = new double[columns * Stride], sums = new double[columns * columns];
        for (int i = 0; i < tile.Length; i++) tile[i] = Dice.NextDouble();
        GramKernel.Add(tile, columns, Stride, rows, sums);
        for (int i = 0; i < columns; i++)
            for (int j = i; j < columns; j++)
            {
                // Eight lanes, then halves: the order that every CPU takes.
                double[] lanes = new double[8];
                for (int row = 0; row < rows; row++) lanes[row % 8] = Math.FusedMultiplyAdd(tile[i * Stride + row], tile[j * Stride + row], lanes[row % 8]);
                double expected = lanes[0] + lanes[4] + (lanes[2] + lanes[6]) + (lanes[1] + lanes[5] + (lanes[3] + lanes[7]));
                Assert.That(sums[i * columns + j], Is.EqualTo(expected));
            }
    }

    [Test]
    public void Hashes_of_a_column_are_those_of_its_values_and_tell_infinities()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => i % 7 == 0 ? double.NaN : i % 5 == 0 ? -0.0 : i * 0.37)];
        ulong[] hashes = new ulong[100];
        Assert.That(RowHash.MixNumbers(values, hashes), Is.False);
        for (int i = 0; i < 100; i++) Assert.That(hashes[i], Is.EqualTo(RowHash.Mix(0, i % 7 == 0 ? RowHash.Null : RowHash.OfNumber(i % 5 == 0 ? 0 : values[i]))));
        values[42] = double.NegativeInfinity;
        Assert.That(RowHash.MixNumbers(values, hashes), Is.True);
    }

    [Test]
    public void Hash_fractions_are_even_and_differ_by_seed()
    {
        int[] buckets = new int[10];
        int same = 0;
        for (int i = 0; i < 100_000; i++)
        {
            ulong hash = RowHash.Mix(0, RowHash.OfNumber(i));
            double fraction = RowHash.Fraction(hash, 1);
            buckets[(int)(fraction * 10)]++;
            if (fraction < 0.5 == RowHash.Fraction(hash, 2) < 0.5) same++;
        }
        Assert.That(buckets, Is.All.InRange(9_600, 10_400));
        Assert.That(same, Is.InRange(49_000, 51_000));
    }

    [Test]
    public void Singles_survive_widening_and_narrowing()
    {
        float[] values = [.. Enumerable.Range(0, 37).Select(i => (float)Dice.NextDouble())], back = new float[37];
        double[] wide = new double[37];
        Widening.Widen(values, wide);
        Widening.Narrow(wide, back);
        Assert.That(back, Is.EqualTo(values));
        Assert.That(wide, Is.EqualTo(values.Select(v => (double)v)));
    }
}
