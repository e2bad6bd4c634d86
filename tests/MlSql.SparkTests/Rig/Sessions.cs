using System.Globalization;
using MlSql.Columnar;
using MlSql.Columnar.Ipc;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Server;
using MlSql.Engines.Spark.Shipping;
using MlSql.Scoring.Commands;

namespace MlSql.SparkTests.Rig;

/// <summary>Sessions as the engine opens them, and short ways to ask them.</summary>
internal static class Sessions
{
    private const int Columns = 250;

    public static async Task<SparkSession> OpenAsync(Cluster cluster, CancellationToken cancel)
    {
        var session = await OpenAsync(cluster.Port, cluster.Token, cancel);
        return await SessionWorker.ShipAsync(session, "linux-x64", cancel);
    }

    public static async Task<SparkSession> OpenAsync(LocalServer server, CancellationToken cancel)
    {
        var session = await OpenAsync(server.Port, server.Token, cancel);
        await SessionWorker.UseAsync(session, server.Worker, cancel);
        return session;
    }

    public static Task RegisterAsync(this SparkSession session, string name, WorkerCommand command, string type, CancellationToken cancel) => session.RegisterAsync(
        new WorkerFunction { Name = name, EvalType = Columns, Command = command.Write(), Output = Plans.Type(type), WorkerVersion = "mlsql", Deterministic = command is not ProbeCommand },
        cancel);

    /// <summary>The batches of a query.</summary>
    public static async Task<List<RecordBatch>> QueryAsync(this SparkSession session, string sql, CancellationToken cancel)
    {
        List<RecordBatch> batches = [];
        await using var rows = await session.QueryAsync(Plans.Sql(sql), null, cancel);
        await foreach (var part in rows.ReadAsync(cancel))
        {
            using ArrowStreamReader reader = new(part.Stream);
            while (reader.Next(cancel) is { } batch) batches.Add(batch.ToRecordBatch());
        }
        return batches;
    }

    /// <summary>The texts of a query's only column.</summary>
    public static async Task<string[]> TextsAsync(this SparkSession session, string sql, CancellationToken cancel)
    {
        var batches = await session.QueryAsync(sql, cancel);
        return [.. batches.SelectMany(b => Enumerable.Range(0, b.Rows).Select(r => ((TextColumn)b.Columns[0]).Text(r)!))];
    }

    private static Task<SparkSession> OpenAsync(int port, string token, CancellationToken cancel) =>
        SparkSession.OpenAsync(ConnectionString.Parse(string.Create(CultureInfo.InvariantCulture, $"sc://127.0.0.1:{port}/;token={token}")), new(), cancel);
}
