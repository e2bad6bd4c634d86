using FsCheck;
using FsCheck.Fluent;
using MlSql.Training.Metrics;

namespace MlSql.UnitTests.Training;

/// <summary>Sums are exact and know no order.</summary>
internal sealed class OrderFreeSumTests
{
    [TestCase(new double[0], 0)]
    [TestCase(new[] { 0.1, 0.2, 0.3 }, 0.6)]
    [TestCase(new[] { 1e300, 1, -1e300 }, 1)]
    [TestCase(new[] { 1e16, 1, 1, 1, 1 }, 10_000_000_000_000_004)]
    [TestCase(new[] { double.Epsilon, double.Epsilon }, 1e-323)]
    [TestCase(new[] { double.MaxValue, -double.MaxValue, -2.5 }, -2.5)]
    [TestCase(new[] { double.MaxValue, double.MaxValue }, double.PositiveInfinity)]
    [TestCase(new[] { -0.0, 3e-310, -3e-310 }, 0)]
    public void Sums_are_exact(double[] values, double expected) => Assert.That(Sum(values), Is.EqualTo(expected));

    [Test]
    public void No_order_changes_a_bit() => Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat[]>(), numbers =>
    {
        double[] values = [.. numbers.Select(n => n.Get)];
        double forward = Sum(values);
        Array.Reverse(values);
        double backward = Sum(values);
        Array.Sort(values);
        return BitConverter.DoubleToInt64Bits(forward) == BitConverter.DoubleToInt64Bits(backward) && BitConverter.DoubleToInt64Bits(forward) == BitConverter.DoubleToInt64Bits(Sum(values));
    }).QuickCheckThrowOnFailure();

    private static double Sum(double[] values)
    {
        OrderFreeSum sum = new();
        foreach (double value in values) sum.Add(value);
        return sum.Value;
    }
}
