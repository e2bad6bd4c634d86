using MlSql.Training.Kernels;

namespace MlSql.UnitTests.Training.Trees;

[TestFixture]
public sealed class GainKernelTests
{
    private const double Unit = 1.0 / 1024;

    [Test]
    public void The_first_of_the_best_cuts_is_found_as_by_trying_one_after_another([Values(1, 3, 4, 5, 64, 254)] int cuts, [Values(0.0, 1.5)] double l2)
    {
        Random random = new(cuts);
        int found = 0;
        for (int round = 0; round < 200; round++)
        {
            // Few values, so that many cuts gain the same; empty bins; hessians of 0.
            long[] gradients = [.. Enumerable.Range(0, 256).Select(_ => random.Next(4) == 0 ? 0L : random.Next(-3, 4) * 1_000L)], hessians = [.. gradients.Select(g => g == 0 ? 0L : random.Next(0, 3) * 700L)];
            long startGradient = random.Next(2) * 5_000L, startHessian = random.Next(2) * 900L;
            long all = gradients.Take(cuts + 1).Sum() + startGradient, allHessian = hessians.Take(cuts + 1).Sum() + startHessian;
            GainKernel kernel = new(all, allHessian, Unit, Unit, l2, Score(all, allHessian, l2), random.Next(3) * 800L, allHessian - random.Next(3) * 800L);
            double floor = random.Next(2) * 2.0, gain = floor, expected = floor;
            int at = kernel.Best(gradients, hessians, cuts, startGradient, startHessian, ref gain), best = -1;
            long g = startGradient, h = startHessian;
            for (int bin = 0; bin < cuts; bin++)
            {
                (g, h) = (g + gradients[bin], h + hessians[bin]);
                if (h < kernel.LeastLeft || h > kernel.MostLeft) continue;
                double tried = Score(g, h, l2) + Score(all - g, allHessian - h, l2) - kernel.Before;
                if (tried > expected) (best, expected) = (bin, tried);
            }
            Assert.That((at, gain), Is.EqualTo((best, expected)), $"round {round}");
            if (best >= 0) found++;
        }
        Assert.That(found, Is.GreaterThan(10));
    }

    private static double Score(long gradient, long hessian, double l2)
    {
        double g = gradient * Unit, h = hessian * Unit + l2;
        return h > 0 ? g * g / h : 0;
    }
}
