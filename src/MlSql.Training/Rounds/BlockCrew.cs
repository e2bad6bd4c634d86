namespace MlSql.Training.Rounds;

/// <summary>
/// Runs numbered pieces of work on a fixed number of threads. Idle threads are parked in the kernel, never spinning; a caller waits for those only that took a piece, not for one that is still waking up. Used by one caller at a time.
/// </summary>
internal sealed class BlockCrew : IDisposable
{
    private const int Closed = 1 << 30;

    private readonly Thread[] _threads;
    private readonly Semaphore _start;
    private readonly AutoResetEvent _done = new(false);
    private Action<int>? _work;
    private CancellationToken _cancel;
    private int _pieces;
    private int _next;

    // Threads that work beside the caller, and Closed when there is nothing to join: what a run is made of changes only then.
    private int _beside = Closed;

    // Threads that were called and have not come yet.
    private int _called;
    private Exception? _failure;
    private volatile bool _closing;

    public BlockCrew(int threads)
    {
        _start = new(0, int.MaxValue);
        _threads = new Thread[Math.Max(0, threads - 1)];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new(Loop) { IsBackground = true, Name = "MlSql training" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that work, the caller's among them.</summary>
    public int Threads => _threads.Length + 1;

    /// <summary>Runs pieces 0 … count - 1, in any order, the caller working too; returns when all are done and throws what one of them threw.</summary>
    public void Run(int count, Action<int> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        (_work, _cancel, _pieces, _next, _failure) = (work, cancel, count, 0, null);
        int more = Math.Min(_threads.Length, count - 1);
        if (more > 0)
        {
            Interlocked.Exchange(ref _beside, 0);
            int missing = more - Volatile.Read(ref _called);
            if (missing > 0)
            {
                Interlocked.Add(ref _called, missing);
                _start.Release(missing);
            }
        }
        Work();
        if (more > 0 && Interlocked.Or(ref _beside, Closed) > 0) _done.WaitOne();
        _work = null;
        if (_failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        cancel.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        _closing = true;
        if (_threads.Length > 0) _start.Release(_threads.Length);
        foreach (Thread thread in _threads) thread.Join();
        _start.Dispose();
        _done.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            _start.WaitOne();
            Interlocked.Decrement(ref _called);
            if (_closing) return;
            if (!Join()) continue;
            Work();
            if (Interlocked.Decrement(ref _beside) == Closed) _done.Set();
        }
    }

    private bool Join()
    {
        int beside;
        do
        {
            beside = Volatile.Read(ref _beside);
            if (beside >= Closed) return false;
        }
        while (Interlocked.CompareExchange(ref _beside, beside + 1, beside) != beside);
        return true;
    }

    private void Work()
    {
        try
        {
            int piece;
            while (Volatile.Read(ref _failure) is null && !_cancel.IsCancellationRequested && (piece = Interlocked.Increment(ref _next) - 1) < _pieces) _work!(piece);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
        }
    }
}
