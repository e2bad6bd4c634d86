namespace MlSql.Engines.DuckDb.Database;

/// <summary>Which token cancels the statement that a connection runs now: functions of ours ask, for the engine cannot interrupt them.</summary>
internal sealed class RunningStatement
{
    private readonly Lock _gate = new();
    private CancellationToken _cancel;

    /// <summary>The token; one that never cancels between statements.</summary>
    public CancellationToken Cancel
    {
        get
        {
            lock (_gate) return _cancel;
        }
        set
        {
            lock (_gate) _cancel = value;
        }
    }
}
