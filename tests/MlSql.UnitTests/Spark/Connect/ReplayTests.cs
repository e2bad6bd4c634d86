using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using MlSql.Columnar;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;
using DataType = MlSql.Engines.Spark.Connect.Protocol.DataType;

namespace MlSql.UnitTests.Spark.Connect;

/// <summary>Drives the client through what was recorded of Spark's own: the same questions must go out, save for names and options of our own, and the recorded answers must do.</summary>
internal sealed class ReplayTests
{
    private const string Observed = "5f67e1cf-fceb-4a48-832f-2a0e2f1d608b";
    private static readonly string[] OurOwn = ["common", "client_type", "operation_id", "user_context", "client_observed_server_side_session_id", "request_options", "tags", "nullable", "is_metadata_column"];

    private static async Task PlayAsync(string scenario, Func<SparkSession, Task> act, bool compare = true)
    {
        var due = new Queue<Recording>(Recording.Of(scenario));
        Assert.That(due, Is.Not.Empty);
        await using SparkScript script = await SparkScript.StartAsync(async call =>
        {
            if (due.Count == 0 || call.Method != due.Peek().Method || IsOpening(call)) return false;
            Recording next = due.Dequeue();
            if (compare) Assert.That(Sent(call), Is.EqualTo(Plain(Recording.RequestParser(next.Method), next.Requests)), next.Name);
            await next.PlayAsync(call);
            return true;
        }, observed: Observed);
        await using (SparkSession session = await script.OpenAsync(";session_id=" + Recording.Session)) await act(session);
        Assert.That(due.Select(d => d.Name), Is.Empty, "Recorded calls that were not made");
    }

    private static bool IsOpening(ServerCall call) => call.Method == "AnalyzePlan" && call.Request(AnalyzePlanRequest.Parser).SparkVersion is not null;

    private static string Sent(ServerCall call) => Plain(Recording.RequestParser(call.Method), call.Messages);

    private static string Plain(MessageParser parser, IReadOnlyList<byte[]> messages)
    {
        var text = new StringBuilder();
        foreach (byte[] message in messages)
        {
            IMessage parsed = parser.ParseFrom(message);
            Strip(parsed);
            text.AppendLine(parsed.ToString());
        }
        return text.ToString();
    }

    private static void Strip(IMessage message)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (OurOwn.Contains(field.Name)) field.Accessor.Clear(message);
            else if (field.FieldType != FieldType.Message || field.IsMap) continue;
            else if (field.IsRepeated) foreach (object item in (System.Collections.IList)field.Accessor.GetValue(message)) Strip((IMessage)item);
            else if (field.Accessor.GetValue(message) is IMessage inner) Strip(inner);
        }
    }

    private static async Task<(long Rows, List<byte[]> Batches, Schema Schema)> ReadAsync(SparkSession session, Relation relation, IProgress<SparkProgress>? progress = null)
    {
        List<byte[]> batches = [];
        long count = 0;
        await using SparkRows rows = await session.QueryAsync(relation, progress, CancellationToken.None);
        await foreach (SparkBatch batch in rows.ReadAsync(CancellationToken.None))
        {
            batches.Add(batch.Stream.ToArray());
            count += batch.Rows;
        }
        return (count, batches, SparkTypes.ToSchema(rows.Schema));
    }

    private static byte[] RecordedArrow(string scenario) => [.. Recording.Of(scenario).SelectMany(r => r.Responses).Select(ExecutePlanResponse.Parser.ParseFrom).Where(r => r.ArrowBatch is not null).SelectMany(r => r.ArrowBatch.Data)];

    [Test]
    public Task A_query_is_looked_at_and_then_run() => PlayAsync("03-sql-select", async session =>
    {
        SqlAnswer answer = await session.ExecuteSqlAsync(Plans.Sql("select id, id*2 as d from range(3)"), null, CancellationToken.None);
        Assert.That(answer.Executed, Is.False);
        (long rows, List<byte[]> batches, Schema schema) = await ReadAsync(session, answer.Result);
        Assert.That((rows, batches.Count), Is.EqualTo((3L, 2)));
        Assert.That(batches.SelectMany(b => b), Is.EqualTo(RecordedArrow("03-sql-select")));
        Assert.That(schema.Fields.Select(f => $"{f.Name} {f.Type}"), Is.EqualTo(new[] { "id BIGINT", "d BIGINT" }));
    });

    [Test]
    public Task Pieces_of_a_batch_become_one() => PlayAsync("28-chunked-result", async session =>
    {
        SqlAnswer answer = await session.ExecuteSqlAsync(Plans.Sql("select id, repeat('x',100) s from range(0,90,1,1)"), null, CancellationToken.None);
        (long rows, List<byte[]> batches, _) = await ReadAsync(session, answer.Result);
        Assert.That((rows, batches.Count), Is.EqualTo((90L, 1)));
        Assert.That(batches[0], Is.EqualTo(RecordedArrow("28-chunked-result")));
    });

    [Test]
    public Task Progress_is_summed_over_stages() => PlayAsync("18-progress.02", async session =>
    {
        var seen = new List<SparkProgress>();
        string query = ExecutePlanRequest.Parser.ParseFrom(Recording.Of("18-progress.02")[0].Requests[0]).Plan.Root.Sql.Query;
        await ReadAsync(session, Plans.Sql(query), new Each(seen.Add));
        Assert.That(seen, Has.Count.EqualTo(5));
        Assert.That(seen[^1].TasksDone, Is.GreaterThan(0).And.LessThanOrEqualTo(seen[^1].Tasks));
        Assert.That(seen.Select(s => s.TasksDone), Is.Ordered);
    });

    [Test]
    public Task Settings_are_set_and_refused_as_recorded() => PlayAsync("02-config.0[16]*", async session =>
    {
        await session.Settings.SetAsync("spark.sql.shuffle.partitions", "2", CancellationToken.None);
        await session.Settings.SetAsync("spark.master", "x", CancellationToken.None);
    });

    [Test]
    public Task Settings_are_unset_as_recorded() => PlayAsync("02-config.05", session => session.Settings.UnsetAsync(["mlsql.x"], CancellationToken.None));

    [Test]
    public Task The_server_reads_types_for_us() => PlayAsync("08-types.01", async session =>
    {
        string ddl = AnalyzePlanRequest.Parser.ParseFrom(Recording.Of("08-types.01")[0].Requests[0]).DdlParse.DdlString;
        DataType type = await session.Analysis.ParseTypeAsync(ddl, CancellationToken.None);
        string columns = string.Join(", ", SparkTypes.ToSchema(type).Fields.Select(f => $"{f.Name} {f.Type}"));
        Assert.That(columns, Does.StartWith("a TINYINT, b SMALLINT, c INTEGER, d BIGINT, e FLOAT, f DOUBLE, g DECIMAL(12,3), h VARCHAR, i BLOB, j BOOLEAN, k DATE, l TIMESTAMP WITH TIME ZONE, m TIMESTAMP, n INTEGER[], o MAP(VARCHAR, DOUBLE), p STRUCT(x INTEGER, y VARCHAR[]), q INTERVAL, r INTERVAL, s VARIANT, t VARCHAR, u VARCHAR"));
    });

    [Test]
    public Task A_function_is_registered_as_recorded() => PlayAsync("13-python-udf.01", session => session.RegisterAsync(
        new WorkerFunction { Name = "my_predict", EvalType = 250, Command = "MLSQL\u0001scalar:10"u8.ToArray(), Output = new DataType { Double = new() }, WorkerVersion = "3.11" }, CancellationToken.None));

    [Test]
    public Task A_function_over_batches_is_called_as_recorded() => PlayAsync("14-map-in-arrow", async session =>
    {
        Relation recorded = ExecutePlanRequest.Parser.ParseFrom(Recording.Of("14-map-in-arrow")[0].Requests[0]).Plan.Root;
        PythonUDF udf = recorded.MapPartitions.Func.PythonUdf;
        var function = new WorkerFunction { Name = recorded.MapPartitions.Func.FunctionName, EvalType = 207, Command = udf.Command.Memory, Output = udf.OutputType, WorkerVersion = udf.PythonVer };
        Relation ours = Plans.MapPartitions(recorded.MapPartitions.Input, function, barrier: false);
        if (!recorded.MapPartitions.HasIsBarrier) ours.MapPartitions.ClearIsBarrier();
        Assert.That((await ReadAsync(session, ours)).Rows, Is.EqualTo(4));
    });

    [Test]
    public Task Rows_of_ours_become_a_view_as_recorded() => PlayAsync("12-view-write.01", async session =>
    {
        CreateDataFrameViewCommand recorded = ExecutePlanRequest.Parser.ParseFrom(Recording.Of("12-view-write.01")[0].Requests[0]).Plan.Command.CreateDataframeView;
        Relation rows = await session.LocalRowsAsync([recorded.Input.LocalRelation.Data.Memory], CancellationToken.None);
        // Spark's client names the columns beside the rows, which name them themselves.
        rows.LocalRelation.Schema = recorded.Input.LocalRelation.Schema;
        await session.CreateViewAsync(recorded.Name, rows, CancellationToken.None);
    });

    [Test]
    public Task Files_are_sent_as_recorded() => PlayAsync("24-artifacts.01", async session =>
    {
        AddArtifactsRequest file = AddArtifactsRequest.Parser.ParseFrom(Recording.Of("24-artifacts.01")[0].Requests[1]);
        await session.Artifacts.AddAsync("files/model.bin", ArtifactSource.Of(file.Batch.Artifacts[0].Data.Data.Memory), CancellationToken.None);
    }, compare: false);

    [Test]
    public Task The_cache_is_asked_as_recorded() => PlayAsync("24-artifacts.03", async session =>
        Assert.That(await session.Artifacts.IsThereAsync("cache/" + new string('0', 64), CancellationToken.None), Is.False));

    [Test]
    public Task All_operations_are_interrupted_as_recorded() => PlayAsync("25-interrupt.05", session => session.InterruptAllAsync(CancellationToken.None));

    [Test]
    public Task The_states_of_operations_are_asked_as_recorded() => PlayAsync("26-status-clone-release.01", async session =>
        Assert.That((await session.StatusAsync([], CancellationToken.None)).Values, Has.Some.EqualTo(GetStatusResponse.Types.OperationStatus.Types.OperationState.Succeeded)));

    private static readonly object[] Errors =
    [
        new object[] { "16-errors.0[12]*", "select nope from range(1)", "MLS6202", "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703", "A column, variable, or function parameter with name `nope` cannot be resolved. Did you mean one of the following? [`id`]." },
        new object[] { "16-errors.0[34]*", "select 1 +", "MLS6201", "PARSE_SYNTAX_ERROR", "42601", "Syntax error at or near end of input." },
        new object[] { "16-errors.1[12]*", "select * from no_such_table", "MLS6202", "TABLE_OR_VIEW_NOT_FOUND", "42P01", "The table or view `no_such_table` cannot be found. Verify the spelling and correctness of the schema and catalog." },
        new object[] { "16-errors.0[67]*", "select raise_error('boom')", "MLS6203", "USER_RAISED_EXCEPTION", "P0001", "boom" },
    ];

    [TestCaseSource(nameof(Errors))]
    public async Task Errors_are_told_in_full(string scenario, string sql, string code, string errorClass, string sqlState, string message)
    {
        SparkException? error = null;
        await PlayAsync(scenario, session =>
        {
            error = Assert.CatchAsync<SparkException>(async () =>
            {
                if (scenario.Contains("[67]", StringComparison.Ordinal)) await ReadAsync(session, Plans.Sql(sql));
                else await session.ExecuteSqlAsync(Plans.Sql(sql), null, CancellationToken.None);
            });
            return Task.CompletedTask;
        });
        Assert.Multiple(() =>
        {
            Assert.That((error!.Code, error.ErrorClass, error.SqlState), Is.EqualTo((code, errorClass, sqlState)));
            Assert.That(error.Message.Split('\n')[0], Is.EqualTo(message));
            Assert.That(error.ErrorId, Is.Not.Null);
            Assert.That(error.FullText, Does.Contain("SQLSTATE: " + sqlState));
        });
        if (errorClass.StartsWith("UNRESOLVED", StringComparison.Ordinal))
        {
            Assert.That(error!.Contexts.Single(), Is.EqualTo(new QueryContext("", "", 7, 10, "nope")));
            Assert.That(error.Position, Is.EqualTo((1, 7)));
            Assert.That(error.Parameters["objectName"], Is.EqualTo("`nope`"));
            Assert.That(error.Hint, Is.EqualTo("did you mean `id`?"));
        }
    }

    [Test]
    public async Task An_operation_that_someone_interrupts_says_so()
    {
        SparkException? error = null;
        await PlayAsync("25-interrupt.0[34]*", session =>
        {
            error = Assert.CatchAsync<SparkException>(() => ReadAsync(session, Plans.Sql("select java_method('java.lang.Thread','sleep',20000L) from range(2)")));
            return Task.CompletedTask;
        });
        Assert.That((error!.Code, error.ErrorClass), Is.EqualTo(("MLS6205", "OPERATION_CANCELED")));
    }

    private sealed class Each(Action<SparkProgress> act) : IProgress<SparkProgress>
    {
        public void Report(SparkProgress value) => act(value);
    }
}
