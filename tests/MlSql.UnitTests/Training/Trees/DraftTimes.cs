using System.Diagnostics;
using MlSql.Training.Kernels;
using MlSql.Training.Rounds;
using MlSql.Training.Trees;

namespace MlSql.UnitTests.Training.Trees;

internal sealed class DraftTimes
{
    [Test, Explicit]
    public void Times()
    {
        int rows = 1_000_000, columns = 28;
        var random = new Random(7);
        double[][] x = [.. Enumerable.Range(0, columns).Select(_ => Enumerable.Range(0, rows).Select(_ => (double)(float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))).ToArray())];
        double[] y = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            double s = x[0][i] + 0.8 * x[1][i] * x[2][i] + Math.Sin(2 * x[3][i]) + 0.5 * (x[4][i] > 0.3 ? 1 : -1) * x[5][i] - 0.7 * Math.Abs(x[6][i]) + 0.3 * x[7][i] * x[8][i] * x[9][i];
            y[i] = random.NextDouble() < 1 / (1 + Math.Exp(-s)) ? 1 : 0;
        }
        using var file = new BinaryWriter(File.Create("/tmp/t/draft.bin"));
        for (int c = 0; c < columns; c++) foreach (double v in x[c]) file.Write((float)v);
        foreach (double v in y) file.Write((float)v);
        foreach (int threads in (int[])[1, 2])
        {
            long at = Stopwatch.GetTimestamp();
            double cpu0 = Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
            var binned = new BinnedColumn[columns];
            for (int c = 0; c < columns; c++)
            {
                double[] sample = x[c][..200_000];
                Array.Sort(sample);
                binned[c] = new(CutFinder.Of(sample, 255), false);
            }
            using BlockCrew crew = new(threads);
            BinnedRows table = new(binned, rows);
            crew.Run(2, g =>
            {
                for (int c = table.First(g); c < table.First(g + 1); c++) table.Fill(c, 0, x[c]);
            }, default);
            TestContext.Out.WriteLine($"threads {threads}: bins {Stopwatch.GetElapsedTime(at).TotalSeconds:F2} s");
            at = Stopwatch.GetTimestamp();
            BoostingOptions options = new();
            TreeGrower grower = new(table, options, crew);
            double[] scores = new double[rows], g1 = new double[rows], h1 = new double[rows], ones = new double[rows];
            Array.Fill(ones, 1);
            double mean = y.Average();
            Array.Fill(scores, Math.Log(mean / (1 - mean)));
            double grad = 0, grow = 0, update = 0, loss = 0;
            for (int t = 0; t < 100; t++)
            {
                long lap = Stopwatch.GetTimestamp();
                int half = rows / 16 * 8;
                double[] losses = new double[2];
                crew.Run(2, p =>
                {
                    var r = p == 0 ? 0..half : half..rows;
                    losses[p] = LogisticKernel.Evaluate(scores.AsSpan(r), y.AsSpan(r), ones.AsSpan(r), g1.AsSpan(r), h1.AsSpan(r));
                }, default);
                loss = losses.Sum();
                var (lg, lh) = GradientKernel.Largest(g1, h1);
                double gs = GradientKernel.ScaleOf(lg, GradientKernel.MaxGradient), hs = GradientKernel.ScaleOf(lh, GradientKernel.MaxHessian);
                crew.Run(2, p =>
                {
                    var r = p == 0 ? 0..half : half..rows;
                    GradientKernel.Pack(g1.AsSpan(r), h1.AsSpan(r), gs, hs, grower.Pairs.AsSpan(r));
                }, default);
                grad += Stopwatch.GetElapsedTime(lap).TotalSeconds;
                lap = Stopwatch.GetTimestamp();
                grower.Grow(1 / gs, 1 / hs, default);
                grow += Stopwatch.GetElapsedTime(lap).TotalSeconds;
                lap = Stopwatch.GetTimestamp();
                crew.Run(grower.Leaves, leaf =>
                {
                    var sums = grower.Sums(leaf);
                    double value = -0.1 * (sums.Gradient / gs) / (sums.Hessian / hs);
                    foreach (int row in grower.RowsOf(leaf)) scores[row] += value;
                }, default);
                update += Stopwatch.GetElapsedTime(lap).TotalSeconds;
            }
            TestContext.Out.WriteLine($"threads {threads}: trees {Stopwatch.GetElapsedTime(at).TotalSeconds:F2} s (gradients {grad:F2}, grow {grow:F2}, scores {update:F2}), loss {loss / rows:F6}, cpu {Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds - cpu0:F2}");
        }
    }
}
