using MlSql.Scoring.Onnx;

namespace MlSql.UnitTests.Scoring.Onnx;

[TestFixture]
public sealed class AlarmClockTests
{
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(30);

    [Test]
    public void Alarms_ring_by_their_times_and_not_by_the_order_in_which_they_were_set()
    {
        AlarmClock clock = new();
        List<int> rung = [];
        TaskCompletionSource all = new();
        foreach (int time in (int[])[300, 0, 100])
            clock.Set(TimeSpan.FromMilliseconds(time), () =>
            {
                rung.Add(time);
                if (rung.Count == 3) all.SetResult();
            });
        Assert.That(all.Task.Wait(_long), Is.True);
        Assert.That(rung, Is.EqualTo((int[])[0, 100, 300]));
    }

    [Test]
    public void A_cleared_alarm_stays_silent_and_an_earlier_one_wakes_the_clock()
    {
        AlarmClock clock = new();
        TaskCompletionSource rung = new();
        bool cleared = false, late = false;
        Action silent = () => cleared = true;
        clock.Set(TimeSpan.FromMilliseconds(50), silent);
        clock.Clear(silent);
        clock.Set(TimeSpan.FromDays(1), () => late = true);
        Thread.Sleep(100);
        clock.Set(TimeSpan.FromMilliseconds(1), rung.SetResult);
        Assert.That(rung.Task.Wait(_long), Is.True);
        Assert.That((cleared, late), Is.EqualTo((false, false)));
    }

    [Test]
    public void Alarms_ring_while_all_threads_of_the_pool_are_busy()
    {
        TaskCompletionSource free = new();
        TaskCompletionSource rung = new();
        ThreadPool.GetMaxThreads(out int threads, out _);
        for (int i = 0; i < Math.Min(threads, 64); i++) ThreadPool.QueueUserWorkItem(_ => free.Task.Wait());
        new AlarmClock().Set(TimeSpan.FromMilliseconds(50), rung.SetResult);
        bool inTime = rung.Task.Wait(_long);
        free.SetResult();
        Assert.That(inTime, Is.True);
    }
}
