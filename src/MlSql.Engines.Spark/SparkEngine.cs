using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Lowering;
using MlSql.Engines.Spark.Server;
using MlSql.Engines.Spark.Shipping;
using MlSql.Engines.Spark.Text;
using MlSql.Language;
using MlSql.Planning;
using MlSql.Planning.Lowering;

namespace MlSql.Engines.Spark;

/// <summary>Apache Spark over Spark Connect: one session of a server, which is someone's or was started for this engine.</summary>
public sealed class SparkEngine : IEngine
{
    private readonly SparkEngineOptions _options;
    private readonly SparkSession _session;
    private readonly LocalServer? _server;
    private readonly SparkStatements _statements;
    private readonly SparkFunctions _functions;
    private readonly WorkerShipment _shipment;
    private ImmutableArray<string> _models = [];

    private SparkEngine(SparkEngineOptions options, SparkSession session, LocalServer? server)
    {
        _options = options;
        _session = session;
        _server = server;
        var names = new SparkNames(string.Create(CultureInfo.InvariantCulture, $"mlsql_{session.Id[..8]}")) { BaseFolder = Environment.CurrentDirectory };
        _shipment = new WorkerShipment(session, server);
        _functions = new SparkFunctions(session, _shipment, options.ModelTimeout);
        // What a server of our own has ends with it.
        var lasting = server is null && options.Views is { } views ? new LastingViews(views, session.Address, _functions, options.OnNotice) : null;
        _statements = new SparkStatements(session, names, lasting, Explain);
    }

    /// <inheritdoc/>
    public string Name => "spark";

    /// <inheritdoc/>
    public string Version => _session.Version.Text;

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; } = new(InlinesLinearModels: true);

    /// <summary>Opens a session. Throws <see cref="CodedException"/> MLS62xx when the server cannot be reached, refuses the token, or cannot be started.</summary>
    public static async Task<SparkEngine> OpenAsync(SparkEngineOptions options, CancellationToken cancel)
    {
        string? remote = options.Remote ?? (Environment.GetEnvironmentVariable("SPARK_REMOTE") is { Length: > 0 } set ? set : null);
        LocalServer? server = null;
        SparkSession? session = null;
        try
        {
            if (remote is null)
            {
                options.Progress?.Report(new RunProgress("starting Spark", null, 0, 0, 0, 0, null, TimeSpan.Zero));
                server = await LocalServer.StartAsync(new LocalServerOptions { Home = SparkHome.Check(Environment.GetEnvironmentVariable("SPARK_HOME"), Environment.GetEnvironmentVariable), Threads = options.Threads }, cancel).ConfigureAwait(false);
                remote = string.Create(CultureInfo.InvariantCulture, $"sc://127.0.0.1:{server.Port}/;token={server.Token}");
            }
            session = await SparkSession.OpenAsync(
                ConnectionString.Parse(remote),
                new SparkSessionOptions { ConnectTimeout = options.ConnectTimeout, Notice = text => options.OnNotice?.Invoke(new RunNotice(EngineNotices.ServerVersion, text, null)) },
                cancel).ConfigureAwait(false);
            if (server is null) session = await SessionWorker.BeginAsync(session, cancel).ConfigureAwait(false);
            var engine = new SparkEngine(options, session, server);
            await engine.PrepareAsync(cancel).ConfigureAwait(false);
            return engine;
        }
        catch
        {
            if (session is not null) await session.DisposeAsync().ConfigureAwait(false);
            if (server is not null) await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The server's host and port as sc://host:port.</summary>
    public string Address => _session.Address;

    /// <summary>The archive that executors get the worker from: a file of this installation. Throws <see cref="CodedException"/> MLS6307 when there is none.</summary>
    public static string WorkerArchive => ShippedFile.Worker(WorkerShipment.Runtime).Path;

    /// <summary>Has a task answer that runs our worker: who it is, as pairs key=value. Throws <see cref="CodedException"/> when no worker comes about.</summary>
    public async Task<string> ProbeAsync(CancellationToken cancel)
    {
        await _shipment.SendAsync(needsOnnxRuntime: false, cancel).ConfigureAwait(false);
        return await _functions.ProbeAsync(_statements, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Description Describe(string sql, CancellationToken cancel)
    {
        try
        {
            // The binder asks in the middle of its walk, and has nothing else to do meanwhile.
            return new Description(_statements.DescribeAsync(sql, cancel).GetAwaiter().GetResult(), null);
        }
        catch (CodedException e) when (e is SparkException { Failure: EngineFailure.Statement } or SparkTextException)
        {
            return new Description(null, e.Message);
        }
    }

    /// <inheritdoc/>
    public EngineProgram Lower(OptimizedStatement statement)
    {
        var program = ProgramLowering.Lower(statement.Statement, new SparkDialect());
        var functions = program.Steps.OfType<RegisterFunctionStep>().Select(s => s.Function).ToList();
        var all = functions.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        var packed = functions.Where(f => !f.Packed.IsEmpty).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        return new EngineProgram([.. program.Steps.Select(step => step switch
        {
            RunSqlStep run => new RunSqlStep(ProjectedLists.Write(EqualCalls.Hoist(run.Sql, all, packed), packed)),
            EvaluateStep evaluate => evaluate with { Sql = ProjectedLists.Write(evaluate.Sql, packed) },
            _ => step,
        })]);
    }

    /// <inheritdoc/>
    public Task PublishAsync(string table, Schema schema, ImmutableArray<ImmutableArray<object?>> rows, CancellationToken cancel) =>
        _statements.RunAsync($"CREATE OR REPLACE TEMPORARY VIEW {SparkNames.SystemView(table)} AS SELECT * FROM {ConstantRows.Print(schema, rows)}", null, cancel);

    /// <inheritdoc/>
    public async Task<EngineOutcome> RunAsync(EngineProgram program, RunContext context, CancellationToken cancel)
    {
        EngineOutcome outcome = new EngineOutcome.Done(null);
        _models = [.. program.Steps.OfType<RegisterFunctionStep>().Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Function.Model.Name} version {s.Function.Model.Version}")).Distinct()];
        var slots = new List<(string Slot, string Sql)>();
        foreach (var step in program.Steps)
        {
            cancel.ThrowIfCancellationRequested();
            switch (step)
            {
                case RegisterFunctionStep s:
                    await _functions.EnsureAsync(s.Function, cancel).ConfigureAwait(false);
                    break;
                case EvaluateStep s:
                    slots.Add((s.Slot, await SparkEvaluator.RunAsync(_statements, s, Fill(s.Sql), new ProgressRelay(context, "evaluating"), cancel).ConfigureAwait(false)));
                    break;
                case ImportanceStep s:
                    slots.Add((s.Slot, await SparkEvaluator.RunAsync(_statements, s, Fill, new ProgressRelay(context, "evaluating"), cancel).ConfigureAwait(false)));
                    break;
                case RunSqlStep s when s.Sql.StartsWith("EXPLAIN ANALYZE ", StringComparison.Ordinal):
                    throw EngineErrors.NoAnalyze();
                case RunSqlStep s:
                    outcome = await _statements.RunAsync(Fill(s.Sql), new ProgressRelay(context, "query"), cancel).ConfigureAwait(false);
                    break;
                case TrainStep s:
                    outcome = await SparkTrainer.RunAsync(_statements, s.Train, Fill(s.Sql), _options, this, context, cancel).ConfigureAwait(false);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException(step.GetType().Name);
            }
        }
        return outcome;

        string Fill(string sql) => slots.Aggregate(sql, (text, slot) => text.Replace(slot.Slot, slot.Sql, StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _statements.DropAsync().ConfigureAwait(false);
        await _session.DisposeAsync().ConfigureAwait(false);
        if (_server is not null) await _server.DisposeAsync().ConfigureAwait(false);
    }

    private CodedException Explain(SparkException error) => PredictionPlaces.Explain(error, _models) ?? WorkerEnd.Explain(error, _models) ?? _shipment.Explain(error);

    private async Task PrepareAsync(CancellationToken cancel)
    {
        await _session.Settings.SetAsync([.. TextSettings.All, SparkProgress.Interval], lenient: true, cancel).ConfigureAwait(false);
        foreach (var (name, path) in _options.Tables)
            await _statements.RunAsync($"CREATE OR REPLACE TEMPORARY VIEW {SqlQuote.Identifier(name)} AS SELECT * FROM {SqlQuote.Text(path)}", null, cancel).ConfigureAwait(false);
    }
}
