using MlSql.Scoring.Kernels;
using MlSql.Scoring.Trees;
using MlSql.UnitTests.Scoring.Trees;

namespace MlSql.UnitTests.Scoring.Kernels;

/// <summary>A few rows get the bits of the plain walk, whichever way they are scored.</summary>
internal sealed class RowKernelTests
{
    [Test]
    public void Every_bit_of_a_few_rows_is_the_plain_walks([Range(0, 11)] int seed, [Values(1, 2, RowKernel.MostRows, RowKernel.MostRows + 1)] int rows)
    {
        var (ensemble, columns) = RandomEnsembles.Case(seed);
        double[] values = [.. columns.SelectMany(c => c.Take(rows))], row = new double[columns.Length], expected = new double[ensemble.Outputs], found = new double[ensemble.Outputs * rows];
        TreeKernel.Create(ensemble, columns.Length).Score(values, rows, rows, found, rows);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < row.Length; c++) row[c] = columns[c][r];
            TreeWalk.Score(ensemble, row, expected);
            for (int output = 0; output < expected.Length; output++)
                Assert.That(BitConverter.DoubleToInt64Bits(found[output * rows + r]), Is.EqualTo(BitConverter.DoubleToInt64Bits(expected[output])), $"row {r}, output {output}");
        }
    }
}
