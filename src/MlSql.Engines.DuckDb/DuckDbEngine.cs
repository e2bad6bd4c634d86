using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;
using MlSql.Engines.DuckDb.Functions;
using MlSql.Language;
using MlSql.Models.Onnx;
using MlSql.Planning;
using MlSql.Planning.Lowering;

namespace MlSql.Engines.DuckDb;

/// <summary>The embedded engine: one database, one connection for statements.</summary>
public sealed class DuckDbEngine : IEngine, IDisposable
{
    private readonly DuckDbEngineOptions _options;
    private readonly DuckDbDatabase _database;
    private readonly DuckDbConnection _connection;
    private readonly TrainingRowsFunction _trainingRows = new();
    private readonly GraphSessions _graphs;
    private readonly Lazy<string> _version;

    private DuckDbEngine(DuckDbEngineOptions options, DuckDbDatabase database)
    {
        _options = options;
        _database = database;
        _connection = database.Connect();
        _graphs = new GraphSessions(options.Memory ?? 0);
        _version = new Lazy<string>(() => Text("SELECT version()") ?? "");
    }

    /// <summary>The file from which the engine's library was loaded.</summary>
    public static string LibraryPath => Interop.LibraryLoader.EnsureLoaded();

    /// <inheritdoc/>
    public string Name => "duckdb";

    /// <inheritdoc/>
    public string Version => _version.Value;

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; } = new(InlinesLinearModels: false);

    /// <summary>Opens the database. Throws <see cref="CodedException"/> MLS60xx when the library or the file cannot be opened.</summary>
    public static DuckDbEngine Open(DuckDbEngineOptions options)
    {
        var engine = new DuckDbEngine(options, DuckDbDatabase.Open(new DatabaseOptions { Path = options.Database, Threads = options.Threads, MemoryBytes = options.Memory }));
        try
        {
            if (options.TrackProgress) engine._connection.TrackProgress();
            foreach (var table in options.Tables) TableFile.CreateView(engine._connection, table.Key, table.Value, CancellationToken.None);
            return engine;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Registers the functions that views, macros and tables of the database call; a version is looked up by the start of its content hash. Gives an error MLS6051 for each version that the store does not hold.
    /// </summary>
    public IReadOnlyList<CodedException> RegisterFunctionsOfViews(Func<string, DataType?, ModelVersion?> findByHash)
    {
        var problems = new List<CodedException>();
        if (_options.Database is null) return problems;
        foreach (var (caller, name) in StoredCalls.Find(_connection))
        {
            try
            {
                if (PredictFunctionNames.Find(name, caller, findByHash) is { } function) _database.RegisterScalar(Define(function));
            }
            catch (CodedException e) when (e.Code == PredictFunctionNames.ModelMissing)
            {
                problems.Add(e);
            }
        }
        return problems;
    }

    /// <inheritdoc/>
    public Description Describe(string sql, CancellationToken cancel)
    {
        try
        {
            return new Description(_connection.Describe(sql, cancel), null);
        }
        catch (CodedException e) when (e is EngineException { ErrorType: not EngineErrorType.OutOfMemory } || e.Code == EngineErrorCodes.ParametersNotAllowed)
        {
            return new Description(null, e.Message);
        }
    }

    /// <inheritdoc/>
    public EngineProgram Lower(OptimizedStatement statement) => ProgramLowering.Lower(statement.Statement, new DuckDbDialect());

    /// <inheritdoc/>
    public Task PublishAsync(string table, Schema schema, ImmutableArray<ImmutableArray<object?>> rows, CancellationToken cancel) => Task.Run(() =>
    {
        SystemCatalog.Attach(_connection);
        _connection.Execute($"CREATE OR REPLACE TABLE {SystemCatalog.Name}.main.{SqlQuote.Identifier(table)} AS SELECT * FROM {ConstantRows.Print(schema, rows)}", cancel);
    }, cancel);

    /// <inheritdoc/>
    public async Task<EngineOutcome> RunAsync(EngineProgram program, RunContext context, CancellationToken cancel)
    {
        // The engine's calls block: a thread of the pool waits for them, and the caller stays free.
        using var progress = new ProgressPump(_connection, context);
        if (_options.OnCallersThread) return Run(program, context, progress, cancel);
        return await Task.Run(() => Run(program, context, progress, cancel), cancel).ConfigureAwait(false);
    }

    /// <summary>Closes the connection and the database.</summary>
    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
        _graphs.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private ScalarFunctionDefinition Define(PredictFunction function) => function.Model.Model.Structure is GraphStructure { Recognised: null }
        ? GraphBody.Define(function, _graphs, _database.Running, _options.ModelTimeout)
        : PredictBody.Define(function);

    private EngineOutcome Run(EngineProgram program, RunContext context, ProgressPump progress, CancellationToken cancel)
    {
        EngineOutcome outcome = new EngineOutcome.Done(null);
        var slots = new List<(string Slot, string Sql)>();
        foreach (var step in program.Steps)
        {
            cancel.ThrowIfCancellationRequested();
            switch (step)
            {
                case RegisterFunctionStep s:
                    _database.RegisterScalar(Define(s.Function));
                    break;
                case EvaluateStep s:
                    progress.Phase = "evaluating";
                    slots.Add((s.Slot, Evaluator.Run(_connection, s, Fill(s.Sql), cancel)));
                    break;
                case ImportanceStep s:
                    progress.Phase = "evaluating";
                    slots.Add((s.Slot, Evaluator.Run(_connection, s, Fill, cancel)));
                    break;
                case RunSqlStep s:
                    progress.Phase = "query";
                    outcome = Query(Fill(s.Sql), cancel);
                    break;
                case TrainStep s:
                    _database.RegisterScalar(_trainingRows.Definition);
                    outcome = Trainer.Run(_connection, _trainingRows, s with { Columns = Fill(s.Columns), Source = Fill(s.Source) }, _options, this, context, progress, cancel);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException(step.GetType().Name);
            }
        }
        return outcome;

        string Fill(string sql) => slots.Aggregate(sql, (text, slot) => text.Replace(slot.Slot, slot.Sql, StringComparison.Ordinal));
    }

    private EngineOutcome Query(string sql, CancellationToken cancel)
    {
        var result = _connection.ExecuteStreaming(sql, cancel);
        if (!result.Schema.Fields.IsEmpty) return new EngineOutcome.Rows(result.Schema, token => Read(result, _options.OnCallersThread, token), () => Dispose(result));
        bool counts = result.Kind is StatementKind.Insert or StatementKind.Update or StatementKind.Delete or StatementKind.Copy or StatementKind.MergeInto;
        long changed = result.RowsChanged;
        result.Dispose();
        return new EngineOutcome.Done(counts ? changed : null);
    }

    private static async IAsyncEnumerable<RecordBatch> Read(DuckDbResult result, bool onCallersThread, [EnumeratorCancellation] CancellationToken cancel)
    {
        try
        {
            while ((onCallersThread ? result.NextChunk(cancel)?.ToBatch() : await Task.Run(() => result.NextChunk(cancel)?.ToBatch(), cancel).ConfigureAwait(false)) is { } batch) yield return batch;
        }
        finally
        {
            result.Dispose();
        }
    }

    private static ValueTask Dispose(DuckDbResult result)
    {
        result.Dispose();
        return ValueTask.CompletedTask;
    }

    private string? Text(string sql)
    {
        using var result = _connection.ExecuteStreaming(sql, default);
        return result.NextChunk(default) is { } chunk ? System.Text.Encoding.UTF8.GetString(chunk.Views[0].Text(0)) : null;
    }
}
