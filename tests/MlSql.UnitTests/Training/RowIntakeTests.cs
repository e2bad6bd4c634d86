using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Training;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;
using MlSql.UnitTests.Training.Memory;

namespace MlSql.UnitTests.Training;

/// <summary>Rows of several threads, put in order.</summary>
public class RowIntakeTests
{
    private static readonly TrainingTable Table = Samples.Mixed(ModelTask.Regression, 60_000, 12);
    private static readonly TrainingSpec Spec = Table.Spec(TrainingTable.Estimator("linear_regression"), Samples.Options(TrainingTable.Estimator("linear_regression")));

    [Test]
    public void Putting_rows_in_order_keeps_no_second_copy([Values(8_192, 5_000)] int piece)
    {
        MemoryBudget alone = new(1L << 30), several = new(1L << 30);
        RowStore straight = Fill(alone, 60_000, threads: 1), arranged = Fill(several, piece, threads: 2);
        Assert.That(arranged.RowsOf(RowPart.Train), Is.EqualTo(straight.RowsOf(RowPart.Train)));
        Assert.That(several.Used, Is.InRange(alone.Used, alone.Used * 1.2));
    }

    [TestCase(0)]
    [TestCase(0, 0)]
    [TestCase(0, 1, 1)]
    public void An_order_that_is_not_one_of_all_pieces_is_refused(params int[] order)
    {
        using RowIntake intake = new(Spec, new(1L << 30));
        Append(intake, 0, 10);
        Append(intake, 10, 10);
        using BlockCrew crew = new(1);
        Assert.Throws<ArgumentException>(() => intake.Arrange(order, crew, default));
    }

    [Test]
    public void Lists_of_one_thread_must_be_as_long_as_those_of_another()
    {
        double?[]?[] lists = [null, [1, 2], [1, 2, 3]];
        TrainingTable table = new([("list", lists)], ("label", new double?[] { 1, 2, 3 }));
        EstimatorInfo info = TrainingTable.Estimator("linear_regression");
        using RowIntake intake = new(table.Spec(info, Samples.Options(info)), new(1L << 30));
        using TrainingViews views = new();
        intake.Append(table.Columns(views, 1, 1), 1);
        Exception? failure = null;
        Thread other = new(() =>
        {
            try
            {
                intake.Append(table.Columns(views, 2, 1), 1);
            }
            catch (MlSql.Columnar.CodedException e)
            {
                failure = e;
            }
        });
        other.Start();
        other.Join();
        Assert.That(failure?.Message, Does.Contain("list"));
    }

    private static RowStore Fill(MemoryBudget budget, int piece, int threads)
    {
        using RowIntake intake = new(Spec, budget);
        int[] order = new int[(Table.Rows + piece - 1) / piece];
        // Threads in turn, the last piece first.
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(worker => new Thread(() =>
        {
            for (int i = order.Length - 1 - worker; i >= 0; i -= threads) order[i] = Append(intake, i * piece, Math.Min(piece, Table.Rows - i * piece));
        }))];
        foreach (Thread worker in workers) worker.Start();
        foreach (Thread worker in workers) worker.Join();
        using BlockCrew crew = new(2);
        return intake.Arrange(order, crew, default);
    }

    private static int Append(RowIntake intake, int start, int count)
    {
        using TrainingViews views = new();
        return intake.Append(Table.Columns(views, start, count), count);
    }
}
