using System.Runtime.CompilerServices;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.Engines.Spark.Connect;

/// <summary>The rows of a running query. Read once; disposing it before the end interrupts the query on the server.</summary>
internal sealed class SparkRows : IAsyncDisposable
{
    private const int LargestBatch = 1 << 30;
    private readonly OperationStream _stream;
    private readonly IProgress<SparkProgress>? _progress;
    private readonly ChunkJoiner _joiner = new(LargestBatch);
    private ExecutePlanResponse? _pending;

    private SparkRows(OperationStream stream, IProgress<SparkProgress>? progress)
    {
        _stream = stream;
        _progress = progress;
    }

    /// <summary>What the server calls the query.</summary>
    public string OperationId => _stream.OperationId;

    /// <summary>A struct of the columns.</summary>
    public DataType Schema { get; private set; } = new();

    /// <summary>Sends the query and waits for its schema, which comes before the query runs. Throws <see cref="SparkException"/>.</summary>
    public static async Task<SparkRows> StartAsync(SessionCalls calls, Relation relation, IProgress<SparkProgress>? progress, CancellationToken cancel)
    {
        var rows = new SparkRows(new OperationStream(calls, new Plan { Root = relation }), progress);
        try
        {
            while (rows._pending is null)
            {
                ExecutePlanResponse response = await rows._stream.NextAsync(cancel).ConfigureAwait(false) ?? throw new SparkException(SparkErrorCodes.Protocol, "The server ends a query without its schema", "this is a fault of the server");
                if (response.Schema is { } schema) rows.Schema = schema;
                if (response.Schema is not null || response.ArrowBatch is not null) rows._pending = response;
                else rows.Report(response);
            }
            return rows;
        }
        catch
        {
            await rows.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The batches in order; a query without rows has one batch of none, for its schema. Leaving the loop early interrupts the query.</summary>
    public async IAsyncEnumerable<SparkBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        try
        {
            while (await NextAsync(cancel).ConfigureAwait(false) is { } response)
            {
                if (response.ArrowBatch is not { } piece) Report(response);
                else if (_joiner.Add(piece) is { } batch) yield return batch;
            }
            _joiner.End();
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private ValueTask<ExecutePlanResponse?> NextAsync(CancellationToken cancel)
    {
        if (_pending is not { } first) return _stream.NextAsync(cancel);
        _pending = null;
        return ValueTask.FromResult<ExecutePlanResponse?>(first);
    }

    private void Report(ExecutePlanResponse response)
    {
        if (_progress is not null && response.ExecutionProgress is { } progress) _progress.Report(Sum(progress, _joiner.Rows));
    }

    /// <summary>The sum over all stages.</summary>
    public static SparkProgress Sum(ExecutePlanResponse.Types.ExecutionProgress progress, long rows)
    {
        long tasks = 0, done = 0, bytes = 0;
        foreach (ExecutePlanResponse.Types.ExecutionProgress.Types.StageInfo stage in progress.Stages)
        {
            tasks += stage.NumTasks;
            done += stage.NumCompletedTasks;
            bytes += stage.InputBytesRead;
        }
        return new SparkProgress(tasks, done, progress.NumInflightTasks, bytes, rows);
    }
}
