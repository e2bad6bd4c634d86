using MlSql.Training.Rounds;

namespace MlSql.UnitTests.Training;

internal sealed class BlockCrewTests
{
    [Test]
    public void Each_piece_runs_once_however_short_it_is([Values(1, 2, 3, 8)] int threads)
    {
        using BlockCrew crew = new(threads);
        Random random = new(threads);
        for (int round = 0; round < 5_000; round++)
        {
            int[] times = new int[random.Next(0, 12)];
            bool isLong = random.Next(50) == 0;
            crew.Run(times.Length, piece =>
            {
                if (isLong) Thread.Sleep(1);
                Interlocked.Increment(ref times[piece]);
            }, default);
            Assert.That(times, Is.All.EqualTo(1), $"round {round}");
        }
    }

    [Test]
    public void Pieces_run_on_several_threads_at_once()
    {
        using BlockCrew crew = new(3);
        using Barrier all = new(3);
        crew.Run(3, _ => all.SignalAndWait(), default);
        Assert.That(all.CurrentPhaseNumber, Is.EqualTo(1));
    }

    [Test]
    public void A_failure_of_any_thread_is_the_callers_and_the_next_run_works()
    {
        using BlockCrew crew = new(3);
        for (int round = 0; round < 200; round++)
        {
            int failing = round % 7;
            var error = Assert.Throws<InvalidOperationException>(() => crew.Run(7, piece =>
            {
                if (piece == failing) throw new InvalidOperationException($"piece {piece}");
            }, default));
            Assert.That(error!.Message, Is.EqualTo($"piece {failing}"));
            int done = 0;
            crew.Run(7, _ => Interlocked.Increment(ref done), default);
            Assert.That(done, Is.EqualTo(7));
        }
    }

    [Test]
    public void A_cancelled_run_ends_early()
    {
        using BlockCrew crew = new(2);
        using CancellationTokenSource cancel = new();
        int done = 0;
        Assert.Throws<OperationCanceledException>(() => crew.Run(1_000, _ =>
        {
            if (Interlocked.Increment(ref done) == 10) cancel.Cancel();
        }, cancel.Token));
        Assert.That(done, Is.InRange(10, 20));
    }
}
