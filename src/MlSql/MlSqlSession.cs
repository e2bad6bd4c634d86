using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using MlSql.Columnar;
using MlSql.Engines.DuckDb;
using MlSql.Engines.Spark;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Models.Store;
using MlSql.Planning;
using MlSql.Planning.Plans;

namespace MlSql;

/// <summary>
/// Runs scripts: parse, bind, optimise, lower, run. One statement at a time; use one session a thread. Failures are <see cref="MlSqlException"/>; after one the session goes on working.
/// </summary>
public sealed class MlSqlSession : IAsyncDisposable
{
    private readonly MlSqlOptions _options;
    private readonly IEngine _engine;
    private readonly ModelStore _store;
    private readonly NoticeBoard _notices;

    private MlSqlSession(MlSqlOptions options, IEngine engine, ModelStore store, NoticeBoard notices)
    {
        _options = options;
        _engine = engine;
        _store = store;
        _notices = notices;
    }

    /// <summary>
    /// Gets a new process ready, on another core, for the first statement of <paramref name="script"/>, and returns at once: called before <see cref="OpenAsync(MlSqlOptions?, CancellationToken)"/>, it saves a short process a part of its start.
    /// Nothing runs and nothing is reported; a session works the same without it.
    /// </summary>
    public static void Prepare(string script, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(script);
        Headstart.Begin(script, cancel);
    }

    /// <summary>Opens a session. Throws <see cref="MlSqlException"/> when the library, the database or a table's file cannot be opened, or the server cannot be reached.</summary>
    public static Task<MlSqlSession> OpenAsync(MlSqlOptions? options = null, CancellationToken cancel = default) =>
        options is { Engine: Engine.Cluster spark } ? OpenAsync(options, spark, cancel)
        : options is { OnCallersThread: true } ? Task.FromResult(Open(options))
        : Task.Run(() => Open(options ?? new MlSqlOptions()), cancel);

    /// <summary>Runs every statement of the script and returns what each did; rows of queries are read to their end and not kept. Throws <see cref="MlSqlException"/> at the first failure.</summary>
    public async Task<IReadOnlyList<StatementResult>> ExecuteAsync(string script, CancellationToken cancel = default)
    {
        var results = new List<StatementResult>();
        await foreach (var result in RunScriptAsync(script, cancel: cancel).ConfigureAwait(false))
        {
            if (result.Schema is not null)
                await foreach (var _ in result.ReadAsync(cancel).ConfigureAwait(false)) { }
            await result.DisposeAsync().ConfigureAwait(false);
            results.Add(result);
        }
        return results;
    }

    /// <summary>Runs one statement, whose rows are read by the caller. Throws <see cref="MlSqlException"/>, also for a text that is not one statement.</summary>
    public async Task<StatementResult> QueryAsync(string statement, CancellationToken cancel = default)
    {
        var parsed = Parser.ParseScript(statement, cancel).Take(2).ToList();
        if (parsed.Count != 1) throw Failures.NotOneStatement(statement, parsed.Count);
        return await RunAsync(parsed[0], cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// Runs a script statement by statement: the next one starts when the next result is asked for. A failure ends the stream with <see cref="MlSqlException"/>,
    /// unless <paramref name="onError"/> is given: it hears of it, and the script goes on.
    /// <paramref name="variables"/> stand for :NAME, :'NAME' and :"NAME" in the script; names that are not given stay as they are.
    /// </summary>
    public async IAsyncEnumerable<StatementResult> RunScriptAsync(
        string script, Action<MlSqlException>? onError = null, IReadOnlyDictionary<string, string>? variables = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        string text = variables is null ? script : ScriptVariables.Substitute(script, variables);
        foreach (var parsed in Parser.ParseScript(text, cancel))
        {
            StatementResult? result = null;
            try
            {
                result = await RunAsync(parsed, cancel).ConfigureAwait(false);
            }
            catch (MlSqlException e) when (onError is not null)
            {
                onError(e);
            }
            if (result is not null) yield return result;
        }
    }

    /// <summary>
    /// Loads a model into this process, to predict rows without a statement: "churn" is its default version, "churn@champion" that of an alias, "churn@3" and "churn VERSION 3" one by number; names in quotes as in SQL. The same on every engine.
    /// The model is the caller's to dispose, and does not need the session any more. May be called from any thread. Throws <see cref="MlSqlException"/>: MLS2001, MLS2002, MLS2004 for what the store does not have, MLS10xx for a text that names no model, MLS4xxx and MLS5xxx for a damaged one.
    /// </summary>
    public LoadedModel LoadModel(string name, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            var parsed = Parser.ParseReference(name);
            if (parsed.Reference is null) throw Failures.Of(name, parsed.Diagnostics);
            var bound = Binder.Bind(parsed, new SessionCatalog(_engine, _store, new Lazy<StoreSnapshot>(() => _store.Snapshot(cancel)), cancel));
            return new LoadedModel(bound.Version ?? throw Failures.Of(name, bound.Diagnostics), _options.ModelTimeout, _options.Memory ?? 0, cancel);
        }
        catch (CodedException e)
        {
            throw Failures.Of(e);
        }
    }

    /// <summary>Checks what a session with these options needs (engine library, a plain SELECT, model store, database) and reports line by line; throws only when cancelled.</summary>
    public static Task<DoctorReport> DiagnoseAsync(MlSqlOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new MlSqlOptions();
        var spark = options.Engine is Engine.Cluster cluster ? EngineOptions(options, cluster, new NoticeBoard(options.OnNotice)) : null;
        return Task.Run(() => Diagnosis.RunAsync(options, spark, cancel), cancel);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    // The whole pipeline, top to bottom.
    private async Task<StatementResult> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        long started = _options.Time.GetTimestamp();
        try
        {
            var statement = parsed.Statement ?? throw Failures.Of(parsed.Source, parsed.Diagnostics);
            // A statement without models reads nothing of the store.
            var snapshot = new Lazy<StoreSnapshot>(() => _store.Snapshot(cancel));
            if (SystemTables.AreAskedFor(parsed)) await SystemTables.PublishAsync(_engine, snapshot.Value, cancel).ConfigureAwait(false);
            var catalog = new SessionCatalog(_engine, _store, snapshot, cancel);
            var bound = statement is EngineStatement || _options.OnCallersThread ? Binder.Bind(parsed, catalog) : await Task.Run(() => Binder.Bind(parsed, catalog), cancel).ConfigureAwait(false);
            Notify(parsed.Source, bound.Diagnostics);
            var finish = new StatementFinish(parsed, _options.Time, started);
            switch (bound.Statement ?? throw Failures.Of(parsed.Source, bound.Diagnostics))
            {
                case BoundExplain explain:
                    return finish.Rows(await new Explanation(_engine, parsed.Source, Context()).PrintAsync(explain, cancel).ConfigureAwait(false));
                case BoundImport import:
                    return finish.Imported(Keep(parsed, import, cancel));
                case BoundBoosterImport import:
                    return finish.Imported(Keep(import, cancel));
                case BoundExport export:
                    return finish.Done(ModelExport.Write(export, warning => Notify(parsed.Source, [new Diagnostic(warning.Code, statement.Span, warning.Message, warning.Hint, Severity.Warning)]), cancel));
                case BoundDropModel or BoundAlter or BoundNothing:
                    return finish.Done(StoreChanges.Apply(_store, bound.Statement, cancel));
            }
            var optimized = Optimizer.Optimize(bound.Statement, _engine.Capabilities);
            var program = _engine.Lower(optimized);
            return await _engine.RunAsync(program, Context(), cancel).ConfigureAwait(false) switch
            {
                EngineOutcome.Rows rows => finish.Rows(rows),
                EngineOutcome.Done done => finish.Done(done),
                EngineOutcome.Trained trained => finish.Trained(Keep(parsed, (BoundTrain)bound.Statement, trained, cancel)),
                var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
            };
        }
        catch (CodedException e)
        {
            throw Failures.Of(parsed, e);
        }
    }

    private static MlSqlSession Open(MlSqlOptions options)
    {
        DuckDbEngine? engine = null;
        try
        {
            var store = ModelStore.Open(ModelsFolder(options), new PhysicalFileSystem(), options.Time);
            engine = DuckDbEngine.Open(EngineOptions(options));
            var session = new MlSqlSession(options, engine, store, new NoticeBoard(options.OnNotice));
            var snapshot = new Lazy<StoreSnapshot>(() => store.Snapshot(CancellationToken.None));
            foreach (var problem in engine.RegisterFunctionsOfViews((hash, label) => SessionCatalog.FindByHash(store, snapshot.Value, hash, label)))
                session._notices.Warn(problem);
            return session;
        }
        catch (CodedException e)
        {
            // The database file must be free for the next try.
            engine?.Dispose();
            throw Failures.Of(e);
        }
    }

    private static async Task<MlSqlSession> OpenAsync(MlSqlOptions options, Engine.Cluster spark, CancellationToken cancel)
    {
        try
        {
            var store = ModelStore.Open(ModelsFolder(options), new PhysicalFileSystem(), options.Time);
            var notices = new NoticeBoard(options.OnNotice);
            var engine = await SparkEngine.OpenAsync(EngineOptions(options, spark, notices) with { Views = new StoreViews(store, notices) }, cancel).ConfigureAwait(false);
            return new MlSqlSession(options, engine, store, notices);
        }
        catch (CodedException e)
        {
            throw Failures.Of(e);
        }
    }

    private static DuckDbEngineOptions EngineOptions(MlSqlOptions options) => new()
    {
        Database = options.Database,
        Threads = options.Threads,
        Memory = options.Memory,
        ModelTimeout = options.ModelTimeout,
        Tables = options.Tables,
        TrackProgress = options.Progress is not null,
        OnCallersThread = options.OnCallersThread,
    };

    private static SparkEngineOptions EngineOptions(MlSqlOptions options, Engine.Cluster spark, NoticeBoard notices) => new()
    {
        Remote = spark.Remote,
        ConnectTimeout = options.ConnectTimeout,
        Threads = options.Threads,
        Memory = options.Memory,
        ModelTimeout = options.ModelTimeout,
        Tables = options.Tables,
        Time = options.Time,
        Progress = options.Progress is { } listener ? new ProgressRelay(listener) : null,
        OnNotice = notice => notices.Warn(notice.Code, notice.Message, notice.Hint),
    };

    internal static string ModelsFolder(MlSqlOptions options) =>
        options.Models ?? (Environment.GetEnvironmentVariable("MLSQL_MODELS") is { Length: > 0 } folder ? folder : Path.Combine(".mlsql", "models"));

    // The version is whole before the default moves to it; a training that fails before leaves nothing.
    private StoredVersion Keep(ParseResult parsed, BoundTrain train, EngineOutcome.Trained trained, CancellationToken cancel)
    {
        var version = _store.Save(train.Name, trained.Model, trained.Details, makeDefault: true, cancel);
        Notify(parsed.Source, [.. trained.Details.Warnings.Select(w => new Diagnostic(w.Code, parsed.Statement!.Span, w.Message, null, Severity.Warning))]);
        return version;
    }

    private StoredVersion Keep(ParseResult parsed, BoundImport import, CancellationToken cancel)
    {
        var (model, details) = ModelImport.Run(import, _options.Time, cancel);
        var version = _store.Save(import.Name, model, details, makeDefault: true, cancel);
        Notify(parsed.Source, [.. details.Warnings.Select(w => new Diagnostic(w.Code, parsed.Statement!.Span, w.Message, null, Severity.Warning))]);
        return version;
    }

    private StoredVersion Keep(BoundBoosterImport import, CancellationToken cancel)
    {
        var (model, details) = BoosterImport.Run(import);
        return _store.Save(import.Name, model, details, makeDefault: true, cancel);
    }

    private RunContext Context() => new(_options.Time, _options.Progress is { } listener ? new ProgressRelay(listener) : null);

    private void Notify(string source, ImmutableArray<Diagnostic> diagnostics)
    {
        foreach (var warning in diagnostics.Where(d => d.Severity == Severity.Warning))
            _notices.Post(new Notice(warning.Code, warning.Message, warning.Hint, DiagnosticPrinter.Print(source, warning), IsWarning: true));
    }
}
