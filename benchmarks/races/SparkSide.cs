using System.Globalization;
using MlSql.Columnar;
using MlSql.Columnar.Ipc;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Shipping;
using MlSql.Scoring.Commands;

namespace MlSql.Races;

/// <summary>A session of ours on Spark.</summary>
internal abstract class SparkSide : IAsyncDisposable
{
    /// <summary>A file or folder of Parquet as this session's FROM spells it.</summary>
    public abstract string File(string path);

    /// <summary>The only row of a query: v, a DOUBLE, and n, a count.</summary>
    public async Task<(double Value, long Rows)> AskAsync(string sql, CancellationToken cancel)
    {
        (double, long)? row = null;
        await foreach (RecordBatch batch in ReadAsync(sql, cancel))
            if (batch.Rows > 0) row = (batch.Column<double>("v")[0], batch.Column<long>("n")[0]);
        return row ?? throw new InvalidOperationException("no row: " + sql);
    }

    public abstract ValueTask DisposeAsync();

    protected abstract IAsyncEnumerable<RecordBatch> ReadAsync(string sql, CancellationToken cancel);
}

/// <summary>The session that users have.</summary>
internal sealed class PredictSide(MlSqlSession session) : SparkSide
{
    public static async Task<SparkSide> OpenAsync(SparkHost host, string models, CancellationToken cancel) =>
        new PredictSide(await MlSqlSession.OpenAsync(new MlSqlOptions { Engine = Engine.Spark(host.Address()), Models = models }, cancel));

    public override string File(string path) => $"'{path}'";

    public override ValueTask DisposeAsync() => session.DisposeAsync();

    protected override async IAsyncEnumerable<RecordBatch> ReadAsync(string sql, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var result = await session.QueryAsync(sql, cancel);
        await foreach (var batch in result.ReadAsync(cancel)) yield return batch;
    }
}

/// <summary>A session whose functions compute nothing: "noop" gives back its first argument, a DOUBLE, "noop_float" a FLOAT. The worker gets there as for users.</summary>
internal sealed class NoOpSide : SparkSide
{
    // Columns in, a column out.
    private const int ScalarArrow = 250;
    private readonly SparkSession _session;

    private NoOpSide(SparkSession session) => _session = session;

    public static async Task<SparkSide> OpenAsync(SparkHost host, bool floats, CancellationToken cancel)
    {
        var opened = await SparkSession.OpenAsync(ConnectionString.Parse(host.Address()), new SparkSessionOptions(), cancel);
        var session = await SessionWorker.ShipAsync(opened, ShippedFile.ThisRuntime, cancel);
        foreach (var (name, type) in ((string, string)[])(floats ? [("noop", "double"), ("noop_float", "float")] : [("noop", "double")]))
        {
            var function = new WorkerFunction { Name = name, EvalType = ScalarArrow, Command = new EchoCommand().Write(), Output = Plans.Type(type), WorkerVersion = string.Create(CultureInfo.InvariantCulture, $"mlsql/{WorkerCommand.ProtocolVersion}") };
            await session.RegisterAsync(function, cancel);
        }
        return new NoOpSide(session);
    }

    public override string File(string path) => $"parquet.`{path}`";

    public override ValueTask DisposeAsync() => _session.DisposeAsync();

    protected override async IAsyncEnumerable<RecordBatch> ReadAsync(string sql, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var rows = await _session.QueryAsync(Plans.Sql(sql), null, cancel);
        await foreach (var part in rows.ReadAsync(cancel))
        {
            using var reader = new ArrowStreamReader(part.Stream);
            while (reader.Next(cancel) is { } batch) yield return batch.ToRecordBatch();
        }
    }
}
