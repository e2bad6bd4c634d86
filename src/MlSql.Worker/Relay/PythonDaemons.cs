using MlSql.Worker.Launch;

namespace MlSql.Worker.Relay;

/// <summary>The real Python daemons that run, one a Python.</summary>
internal sealed class PythonDaemons(WorkerSettings settings)
{
    private const string Fallback = "python3";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, PythonDaemon> _running = new(StringComparer.Ordinal);

    /// <summary>A connection with a worker of the session's Python; null: of the one that the environment names. Throws <see cref="Columnar.CodedException"/> MLS4316.</summary>
    public PythonConnection Connect(string? python)
    {
        if (string.IsNullOrEmpty(python)) python = ForeignLaunch.WasHandedOn ? Fallback : settings.Python ?? Fallback;
        return Of(python).Connect();
    }

    private PythonDaemon Of(string python)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(python, out var known))
            {
                if (!known.IsOver) return known;
                known.Dispose();
                _running.Remove(python);
            }
            var fresh = PythonDaemon.Start(python, settings);
            _running.Add(python, fresh);
            return fresh;
        }
    }
}
