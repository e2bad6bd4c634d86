using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlSql.Races;

/// <summary>A function of PySpark: a model's probability, or with no model the first of its arguments.</summary>
internal sealed record PySparkFunction(string Name, string? Model, string Type);

/// <summary>PySpark in a process of its own, with one session that stays open. It answers one request at a time.</summary>
internal sealed class SparkPeer : IAsyncDisposable
{
    private readonly Process _python;
    private readonly Task<string> _errors;

    private SparkPeer(Process python)
    {
        _python = python;
        _errors = python.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts Python, which opens its session before it answers.</summary>
    public static SparkPeer Start(Peer peer, SparkHost host)
    {
        // PySpark sends a token without TLS to this name alone.
        var start = peer.Command([Path.Combine(Peer.Scripts, "spark_connect.py"), host.Address("localhost")], host.Folder);
        start.RedirectStandardInput = true;
        start.Environment["PYTHONPATH"] = host.PythonPath;
        return new(Process.Start(start)!);
    }

    /// <summary>Makes a function known to the session that stays open.</summary>
    public Task RegisterAsync(PySparkFunction function, CancellationToken cancel) => AskAsync(new("register", Function: function), cancel);

    /// <summary>Seconds of a query in the session that stays open.</summary>
    public Task<double> QueryAsync(string sql, CancellationToken cancel) => AskAsync(new("query", sql), cancel);

    /// <summary>Seconds of a query into a folder of Parquet files.</summary>
    public Task<double> WriteAsync(string sql, string folder, CancellationToken cancel) => AskAsync(new("write", sql, Path: folder), cancel);

    /// <summary>Seconds from nothing over a session of its own and its function to the rows of its first query.</summary>
    public Task<double> FirstAsync(PySparkFunction function, string sql, CancellationToken cancel) => AskAsync(new("first", sql, function), cancel);

    public async ValueTask DisposeAsync()
    {
        _python.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _python.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _python.Kill();
        }
        _python.Dispose();
    }

    private async Task<double> AskAsync(Request request, CancellationToken cancel)
    {
        await _python.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, Lines.Default.Request).AsMemory(), cancel);
        await _python.StandardInput.FlushAsync(cancel);
        string line = await _python.StandardOutput.ReadLineAsync(cancel) ?? throw new InvalidOperationException($"PySpark ended: {await _errors.WaitAsync(cancel)}");
        using var answer = JsonDocument.Parse(line);
        return answer.RootElement.TryGetProperty("error", out var error) ? throw new InvalidOperationException($"PySpark: {error.GetString()}") : answer.RootElement.GetProperty("wall").GetDouble();
    }

    internal sealed record Request(string Do, string? Sql = null, PySparkFunction? Function = null, string? Path = null);
}

[JsonSerializable(typeof(SparkPeer.Request))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class Lines : JsonSerializerContext;
