using MlSql.Training.Kernels;
using MlSql.Training.Trees;

namespace MlSql.UnitTests.Training.Trees;

[TestFixture]
public sealed class BinKernelTests
{
    [Test]
    public void A_bin_is_the_number_of_cuts_below_a_value([Values(0, 1, 2, 7, 128, 253, 254)] int cuts, [Values(1, 16)] int stride)
    {
        Random random = new(cuts);
        double[] at = [.. Enumerable.Range(0, cuts).Select(i => (i - cuts / 2) * 0.25)];
        double[] values =
        [
            double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon, 0.0, -0.0, double.MaxValue, double.MinValue,
            .. at, .. at.Select(Math.BitIncrement), .. at.Select(Math.BitDecrement), .. Enumerable.Range(0, 50).Select(_ => random.NextDouble() * 80 - 40),
        ];
        for (int count = values.Length - 4; count <= values.Length; count++)
        {
            byte[] bins = new byte[(count - 1) * stride + 1];
            BinKernel.Write(values.AsSpan(0, count), at, bins, stride);
            for (int i = 0; i < count; i++)
                Assert.That(bins[i * stride], Is.EqualTo(double.IsNaN(values[i]) ? BinnedColumn.Missing : at.Count(cut => cut < values[i])), $"{values[i]:R} among {cuts}");
        }
    }

    [Test]
    public void Nothing_is_written_beyond_the_last_bin()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BinKernel.Write([1, 2], [0], new byte[16], 16));
        BinKernel.Write([], [0], [], 16);
    }
}
