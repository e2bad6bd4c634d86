using MlSql.Training.Kernels;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;
using MlSql.Training.Trees;

namespace MlSql.UnitTests.Training.Trees;

[TestFixture]
public sealed class LeafOrderTests
{
    private const int Rows = 20_000;

    [Test]
    public void Rows_of_a_leaf_of_a_block_come_side_by_side_in_their_order([Values(1, 3)] int threads)
    {
        Random random = new(5);
        double[] values = [.. Enumerable.Range(0, Rows).Select(_ => (double)random.Next(4))];
        MemoryBudget budget = new(long.MaxValue);
        BinnedRows bins = new([BinnedColumn.OfNumbers([0, 1, 2])], Rows, budget);
        bins.Fill(0, 0, values);
        using BlockCrew crew = new(threads);
        TreeRows rows = new(bins, 7, budget);
        Assert.That(rows.Begin([]), Is.EqualTo(Rows));
        byte[] goesLeft = new byte[HistogramKernel.Bins];
        goesLeft[0] = goesLeft[2] = 1;
        Assert.That(rows.Divide(0, 1, 2, 0, goesLeft, crew, default), Is.EqualTo(values.Count(v => v is 0 or 2)));
        goesLeft[2] = 0;
        Assert.That(rows.Divide(1, 3, 4, 0, goesLeft, crew, default), Is.EqualTo(values.Count(v => v == 0)));
        goesLeft[1] = 1;
        Assert.That(rows.Divide(2, 5, 6, 0, goesLeft, null, default), Is.EqualTo(values.Count(v => v == 1)));
        // The last one was in vain.
        rows.Finish([3, 2, 4]);
        rows.Sort(1);

        foreach (Range block in (Range[])[0..Rows, 8_192..16_384, 16_384..Rows])
        {
            int[] order = LeafOrder.Of(rows, 3, block);
            double[] arranged = values[block];
            LeafOrder.Arrange(arranged.AsSpan(), order);
            int[] expected = [.. Enumerable.Range(0, arranged.Length).OrderBy(i => values[block.Start.Value + i] switch { 0 => 0, 2 => 2, _ => 1 })];
            Assert.That(order, Is.EqualTo(expected));
            Assert.That(arranged, Is.EqualTo(expected.Select(i => values[block.Start.Value + i])));
        }
    }

    [Test]
    public void Bins_labels_weights_and_hashes_move_together()
    {
        BinnedPart part = new([BinnedColumn.OfNumbers([1, 2, 3])], 6, weighted: true, hashed: true, new(long.MaxValue));
        part.Rows.Fill(0, 0, [1, 2, 3, 4, 1, 2]);
        for (int i = 0; i < 6; i++) (part.Labels[i], part.Weights[i], part.Hashes[i]) = (i, 10 + i, 20 + (ulong)i);
        part.Arrange(1, [3, 0, 2, 1]);
        Assert.Multiple(() =>
        {
            Assert.That(part.Labels, Is.EqualTo((double[])[0, 4, 1, 3, 2, 5]));
            Assert.That(part.Weights, Is.EqualTo(part.Labels.Select(label => label + 10)));
            Assert.That(part.Hashes, Is.EqualTo(part.Labels.Select(label => (ulong)label + 20)));
            Assert.That(part.Rows.Records(0)[..(6 * HistogramKernel.RecordBytes)].ToArray().Where((_, i) => i % HistogramKernel.RecordBytes == 0), Is.EqualTo((byte[])[0, 0, 1, 3, 2, 1]));
        });
    }
}
