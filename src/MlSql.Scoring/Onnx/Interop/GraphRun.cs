namespace MlSql.Scoring.Onnx.Interop;

/// <summary>One call of a session's graph on one or several slices of rows, under one limit of time.</summary>
internal sealed class GraphRun : IDisposable
{
    private readonly LoadedLibrary _library;
    private readonly SessionHandle _session;
    private readonly RunOptionsHandle _options;
    private readonly Watchdog _watchdog;
    private readonly RunLimits _limits;
    private readonly long _arenaBytes;
    private readonly int _rows;

    public GraphRun(LoadedLibrary library, SessionHandle session, long arenaBytes, RunLimits limits, int rows)
    {
        limits.Cancel.ThrowIfCancellationRequested();
        (_library, _session, _arenaBytes, _limits, _rows) = (library, session, arenaBytes, limits, rows);
        _options = new RunOptionsHandle(library.Api, arenaBytes > 0);
        _watchdog = new Watchdog(_options.Terminate, limits.Timeout, limits.Cancel);
    }

    public OrtApi Api => _library.Api;

    /// <summary>
    /// Computes the named outputs; the caller releases them. Throws <see cref="OperationCanceledException"/>, <see cref="Columnar.LimitException"/> MLS4104 or MLS4105, <see cref="Columnar.CodedException"/> MLS4106.
    /// </summary>
    public unsafe void Run(Utf8Names inputNames, ReadOnlySpan<nint> inputs, Utf8Names outputNames, Span<nint> outputs)
    {
        bool held = false;
        try
        {
            _session.DangerousAddRef(ref held);
            fixed (nint* i = inputs, o = outputs)
                _library.Api.Run(_session.DangerousGetHandle(), _options.DangerousGetHandle(), inputNames.Pointers, i, inputs.Length, outputNames.Pointers, outputs.Length, o);
            _limits.Cancel.ThrowIfCancellationRequested();
        }
        catch (OrtException e)
        {
            if (_watchdog.IsCancelled) throw new OperationCanceledException(_limits.Cancel);
            if (_watchdog.TimeIsOver && e.IsTermination) throw RuntimeErrors.TooLong(_limits.Timeout, _rows);
            if (e.IsMemory) throw RuntimeErrors.OutOfMemory($"on {RowsText}", _arenaBytes, e.Trimmed);
            throw RuntimeErrors.RunFailed($"on {RowsText}", e.Trimmed);
        }
        finally
        {
            if (held) _session.DangerousRelease();
            GC.KeepAlive(inputNames);
            GC.KeepAlive(outputNames);
        }
    }

    private string RowsText => _rows == 1 ? "1 row" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_rows} rows");

    public void Dispose()
    {
        _watchdog.Dispose();
        _options.Dispose();
    }
}
