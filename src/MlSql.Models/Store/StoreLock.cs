namespace MlSql.Models.Store;

/// <summary>The store's lock: whoever changes something holds it, readers never do.</summary>
internal static class StoreLock
{
    private const int PatienceMilliseconds = 30_000;
    private const int LongestWaitMilliseconds = 32;

    public static IDisposable Take(StoreFolder store, CancellationToken cancel)
    {
        int wait = 1;
        for (int waited = 0; waited < PatienceMilliseconds; waited += wait)
        {
            cancel.ThrowIfCancellationRequested();
            if (store.Files.TryLock(store.Lock) is { } held) return held;
            cancel.WaitHandle.WaitOne(wait);
            wait = Math.Min(wait * 2, LongestWaitMilliseconds);
        }
        throw StoreFaults.HeldLock(store.Lock, PatienceMilliseconds / 1000);
    }
}
