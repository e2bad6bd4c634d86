using MlSql.Training.Kernels;

namespace MlSql.UnitTests.Training;

internal sealed class CentredSumsTests
{
    private const int Most = 8_192;
    private const double Unit = 1L << 52;

    [Test]
    public void Numbers_are_cut_off_to_whole_units_one_by_one([Values(0, 1, 7, 8, 9, 100, 2_048, Most)] int count, [Values(0, 1, 2, 3)] int kind)
    {
        Random random = new(count + kind);
        double[] values = [.. Enumerable.Range(0, count).Select(i => kind switch
        {
            0 => random.NextDouble() * 2 - 1,
            // As far from the centre as numbers lie, all on one side.
            1 => Math.BitDecrement(1),
            2 => i % 3 == 0 ? double.NaN : -1 + random.NextDouble() / 1_000,
            _ => (i % 2 == 0 ? -1 : 1) * Math.ScaleB(1 + random.NextDouble(), -random.Next(1, 60)),
        })];
        Int128 sum = 0, squares = 0;
        foreach (double value in values.Where(value => !double.IsNaN(value)))
        {
            sum += (long)(value * Unit);
            squares += (long)(value * value * Unit);
        }
        CentredSums sums = new(0, 1);
        sums.Add(values);
        double mean = (double)sum / Unit / Math.Max(1, count), square = (double)squares / Unit / Math.Max(1, count);
        Assert.That(sums.Of(Math.Max(1, count)), Is.EqualTo((mean, Math.Sqrt(Math.Max(0, square - mean * mean)))));
    }

    [Test]
    public void Columns_in_ascending_order_keep_their_mean_and_deviation()
    {
        double[] values = [.. Enumerable.Range(0, 10 * Most).Select(i => i / (10.0 * Most))];
        CentredSums sums = new(0.5, 1);
        foreach (double[] piece in values.Chunk(Most)) sums.Add(piece);
        (double mean, double deviation) = sums.Of(values.Length);
        Assert.That(mean, Is.EqualTo(values.Average()).Within(1e-12));
        Assert.That(deviation, Is.EqualTo(Math.Sqrt(values.Average(v => (v - mean) * (v - mean)))).Within(1e-12));
    }
}
