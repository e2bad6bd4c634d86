namespace MlSql.Training.Rows;

/// <summary>Counts the bytes of our own arrays against the limit. Throws MLS3010 above it.</summary>
internal sealed class MemoryBudget(long limit)
{
    private long _used;

    public long Used => _used;

    /// <summary>Where full blocks come from.</summary>
    public BlockMemory Blocks { get; } = new();

    /// <summary>Asks for room before it is allocated.</summary>
    public void Take(long bytes, string purpose)
    {
        if (_used + bytes > limit) throw TrainingErrors.Memory(limit, _used + bytes, purpose);
        _used += bytes;
    }

    public void Give(long bytes) => _used -= bytes;
}
