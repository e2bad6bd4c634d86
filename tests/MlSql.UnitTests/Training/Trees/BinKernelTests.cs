using MlSql.Training.Kernels;
using MlSql.Training.Trees;

namespace MlSql.UnitTests.Training.Trees;

[TestFixture]
public sealed class BinKernelTests
{
    [Test]
    public void A_bin_is_the_number_of_cuts_below_a_value([Values(0, 1, 2, 7, 128, 253, 254)] int cuts, [Values(1, 16)] int stride, [Values("even", "dense at 0", "wide", "as close as can be", "huge")] string spread)
    {
        Random random = new(cuts);
        double[] at =
        [
            .. Enumerable.Range(0, cuts).Select(i => i - cuts / 2).Select(i => spread switch
            {
                "even" => i * 0.25,
                "dense at 0" => Math.CopySign(Math.ScaleB(1, Math.Abs(i) / 4 - 20) * (1 + Math.Abs(i) % 4 / 4.0), i),
                "wide" => i == cuts - 1 - cuts / 2 ? 1e300 : i,
                "as close as can be" => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(1) + i),
                _ => i * 1.4e306,
            }).Distinct(),
        ];
        double[] values =
        [
            double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon, 0.0, -0.0, double.MaxValue, double.MinValue,
            .. at, .. at.Select(Math.BitIncrement), .. at.Select(Math.BitDecrement), .. Enumerable.Range(0, 50).Select(_ => random.NextDouble() * 80 - 40),
            .. at.Zip(at.Skip(1), (a, b) => a / 2 + b / 2),
        ];
        for (int count = values.Length - 4; count <= values.Length; count++)
        {
            byte[] bins = new byte[(count - 1) * stride + 1];
            new BinKernel(at).Write(values.AsSpan(0, count), bins, stride);
            for (int i = 0; i < count; i++)
                Assert.That(bins[i * stride], Is.EqualTo(double.IsNaN(values[i]) ? BinnedColumn.Missing : at.Count(cut => cut < values[i])), $"{values[i]:R} among {cuts}");
        }
    }

    [Test]
    public void Nothing_is_written_beyond_the_last_bin()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BinKernel([0]).Write([1, 2], new byte[16], 16));
        new BinKernel([0]).Write([], [], 16);
    }
}
