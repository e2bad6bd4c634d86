namespace MlSql.Training.Rows;

/// <summary>Counts the bytes of our own arrays against the limit, for all threads. Throws MLS3010 above it.</summary>
internal sealed class MemoryBudget(long limit)
{
    private long _used;

    public long Used => Interlocked.Read(ref _used);

    /// <summary>Where full blocks come from.</summary>
    public BlockMemory Blocks { get; } = new();

    /// <summary>Asks for room before it is allocated.</summary>
    public void Take(long bytes, string purpose)
    {
        long used = Interlocked.Add(ref _used, bytes);
        if (used <= limit) return;
        Give(bytes);
        throw TrainingErrors.Memory(limit, used, purpose);
    }

    public void Give(long bytes) => Interlocked.Add(ref _used, -bytes);
}
