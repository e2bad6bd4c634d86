using MlSql.Scoring.Kernels;

namespace MlSql.UnitTests.Scoring.Kernels;

/// <summary>Ranks of every path against counting, for cuts that lie evenly, in heaps, far out, or side by side.</summary>
internal sealed class RankKernelTests
{
    private static readonly (string Name, Func<Random, int, double> Cut)[] _kinds =
    [
        ("even", (_, i) => i * 0.25 - 20),
        ("normal", (random, _) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())),
        ("heavy tails", (random, _) => Math.Tan(Math.PI * (random.NextDouble() - 0.5))),
        ("neighbours", (_, i) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(1f) + i)),
        ("tiny", (_, i) => i * (double)float.Epsilon),
        ("huge", (random, _) => (random.NextDouble() - 0.5) * 2 * float.MaxValue),
        ("one far out", (_, i) => i == 0 ? 1e30 : i),
        ("with infinities", (_, i) => i == 0 ? double.NegativeInfinity : i == 1 ? double.PositiveInfinity : i),
    ];

    [Test]
    public unsafe void Ranks_count_the_cuts_below([Values(1, 7, 31, 63, 64, 100, 127, 128, 200, 255)] int count, [Values] VectorPath path)
    {
        if (!VectorPaths.Supports(path)) Assert.Ignore($"no {path}");
        foreach (var (name, cut) in _kinds)
        {
            Random random = new(count);
            float[] cuts = [.. Enumerable.Range(0, count).Select(i => (float)cut(random, i)).Distinct().Order()];
            CutTable table = new([.. cuts.Select(c => (double)c)]);
            float[] values =
            [
                .. cuts.SelectMany(c => (float[])[c, MathF.BitIncrement(c), MathF.BitDecrement(c), c + (float)random.NextDouble()]),
                float.NaN, 0, -0f, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon,
            ];
            byte[] ranks = new byte[values.Length + 32];
            fixed (float* from = values)
            fixed (byte* into = ranks) RankKernel.Rank(table, from, into, values.Length, path);
            for (int i = 0; i < values.Length; i++) Assert.That(ranks[i], Is.EqualTo(cuts.Count(c => values[i] > c)), $"{name}: {values[i]:r}");
        }
    }

    [Test]
    public void Cuts_that_lie_too_unevenly_have_no_buckets()
    {
        Assert.Multiple(() =>
        {
            Assert.That(CutBuckets.Of([.. Enumerable.Range(0, 255).Select(i => (float)i)]), Is.Not.Null);
            Assert.That(CutBuckets.Of([.. Enumerable.Range(0, 100).Select(i => (float)i), 1e6f]), Is.Null);
            Assert.That(CutBuckets.Of([float.NegativeInfinity, .. Enumerable.Range(0, 100).Select(i => (float)i)]), Is.Null);
            Assert.That(CutBuckets.Of([float.MinValue, .. Enumerable.Range(0, 100).Select(i => (float)i), float.MaxValue]), Is.Null);
            Assert.That(CutBuckets.Of([1, 1]), Is.Null);
        });
    }
}
