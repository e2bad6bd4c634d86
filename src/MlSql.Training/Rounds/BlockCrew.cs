namespace MlSql.Training.Rounds;

/// <summary>Runs numbered pieces of work on a fixed number of threads. Idle threads are parked in the kernel, never spinning. Used by one caller at a time.</summary>
internal sealed class BlockCrew : IDisposable
{
    private readonly Thread[] _threads;
    private readonly Semaphore _start;
    private readonly AutoResetEvent _done = new(false);
    private Action<int>? _work;
    private CancellationToken _cancel;
    private int _pieces;
    private int _next;
    private int _running;
    private Exception? _failure;
    private volatile bool _closing;

    public BlockCrew(int threads)
    {
        _start = new(0, Math.Max(1, threads));
        _threads = new Thread[Math.Max(0, threads - 1)];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new(Loop) { IsBackground = true, Name = "MlSql training" };
            _threads[i].Start();
        }
    }

    /// <summary>Runs pieces 0 … count - 1, in any order, the caller working too; returns when all are done and throws what one of them threw.</summary>
    public void Run(int count, Action<int> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        int helpers = Math.Min(_threads.Length, count - 1);
        (_work, _cancel, _pieces, _next, _failure) = (work, cancel, count, 0, null);
        if (helpers > 0)
        {
            Volatile.Write(ref _running, helpers);
            _start.Release(helpers);
        }
        Work();
        if (helpers > 0) _done.WaitOne();
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
            if (_closing) return;
            Work();
            if (Interlocked.Decrement(ref _running) == 0) _done.Set();
        }
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
