using Google.Protobuf;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;
using static MlSql.UnitTests.Spark.Connect.SparkScript;

namespace MlSql.UnitTests.Spark.Connect;

internal sealed class OperationTests
{
    private static async Task<List<SparkBatch>> ReadAsync(SparkSession session, IProgress<SparkProgress>? progress = null)
    {
        List<SparkBatch> batches = [];
        await using SparkRows rows = await session.QueryAsync(Plans.Sql("SELECT 1"), progress, CancellationToken.None);
        await foreach (SparkBatch batch in rows.ReadAsync(CancellationToken.None)) batches.Add(batch);
        return batches;
    }

    private static async Task<(SparkException Error, SparkScript Script)> FailAsync(Func<ServerCall, Task<bool>> answer)
    {
        await using SparkScript script = await StartAsync(answer);
        await using SparkSession session = await script.OpenAsync();
        return (Assert.CatchAsync<SparkException>(() => ReadAsync(session))!, script);
    }

    private static byte[] Bytes(SparkBatch batch) => batch.Stream.ToArray();

    [Test]
    public async Task Batches_come_with_their_rows_and_the_operation_is_released()
    {
        await using SparkScript script = await StartAsync("ExecutePlan", async (call, _) =>
        {
            await call.SendAsync(Response(call, "1", Schema));
            await call.SendAsync(Response(call, "2", Batch(0, 2, 1, 2)));
            await call.SendAsync(Response(call, "3", Batch(2, 1, 3)));
            await call.SendAsync(Response(call, "4", Complete));
            await call.EndAsync();
        });
        await using (SparkSession session = await script.OpenAsync())
        {
            List<SparkBatch> batches = await ReadAsync(session);
            Assert.That(batches.Select(b => b.Rows), Is.EqualTo(new long[] { 2, 1 }));
            Assert.That(batches.Select(Bytes), Is.EqualTo(new[] { new byte[] { 1, 2 }, [3] }));
        }
        ExecutePlanRequest request = script.Server.Of("ExecutePlan").Single().Request(ExecutePlanRequest.Parser);
        ReleaseExecuteRequest release = script.Server.Of("ReleaseExecute").Single().Request(ReleaseExecuteRequest.Parser);
        Assert.Multiple(() =>
        {
            Assert.That(Guid.TryParse(request.OperationId, out _));
            Assert.That(request.ClientObservedServerSideSessionId, Is.EqualTo(ServerId));
            Assert.That(request.RequestOptions.Any(o => o.ReattachOptions?.Reattachable ?? false));
            Assert.That(request.RequestOptions.Any(o => o.ResultChunkingOptions?.AllowArrowBatchChunking ?? false));
            Assert.That((release.OperationId, release.ReleaseCase), Is.EqualTo((request.OperationId, ReleaseExecuteRequest.ReleaseOneofCase.ReleaseAll)));
            Assert.That(script.Server.Of("Interrupt"), Is.Empty);
            Assert.That(script.Server.Of("ReleaseSession").Count(), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task A_stream_that_ends_without_a_result_is_joined_again_where_it_ended()
    {
        await using SparkScript script = await StartAsync(async call =>
        {
            if (call.Method == "ExecutePlan")
            {
                await call.SendAsync(Response(call, "1", Schema));
                await call.SendAsync(Response(call, "2", Batch(0, 1, 1)));
                await call.EndAsync();
                return true;
            }
            if (call.Method != "ReattachExecute") return false;
            string last = call.Request(ReattachExecuteRequest.Parser).LastResponseId;
            // Once on purpose, once in the middle of a message.
            if (last == "2") await call.SendAsync(Response(call, "3", Batch(1, 1, 2)));
            if (last == "2") await call.SendAsync([0, 0, 0, 1, 0, 9]);
            if (last == "3") await call.SendAsync(Response(call, "4", Complete));
            await call.EndAsync();
            return true;
        });
        await using SparkSession session = await script.OpenAsync();
        Assert.That((await ReadAsync(session)).SelectMany(Bytes), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(script.Server.Of("ReattachExecute").Select(c => c.Request(ReattachExecuteRequest.Parser).LastResponseId), Is.EqualTo(new[] { "2", "3" }));
        Assert.That(script.Waits, Has.Count.EqualTo(1), "Only the cut is waited for.");
    }

    [TestCase(14, null)]
    [TestCase(13, "[INVALID_CURSOR.DISCONNECTED] The cursor is invalid.")]
    public async Task What_passes_is_waited_for_longer_and_longer(int status, string? message)
    {
        await using SparkScript script = await StartAsync(async call =>
        {
            if (call.Method is not ("ExecutePlan" or "ReattachExecute")) return false;
            if (Next() < 5) await call.EndAsync(status, message ?? "away");
            else
            {
                await call.SendAsync(Response(call, "1", Schema));
                await call.SendAsync(Response(call, "2", Complete));
                await call.EndAsync();
            }
            return true;
        });
        await using SparkSession session = await script.OpenAsync();
        Assert.That(await ReadAsync(session), Is.Empty);
        double[] waits = [.. script.Waits.Select(w => w.TotalMilliseconds)];
        Assert.That(waits[..3], Is.EqualTo(new double[] { 50, 200, 800 }));
        Assert.That(waits[3], Is.InRange(3200, 3700));
    }

    private int _calls;

    private int Next() => _calls++;

    [SetUp]
    public void Reset() => _calls = 0;

    [Test]
    public async Task A_server_that_stays_away_is_given_up_and_named()
    {
        (SparkException error, SparkScript script) = await FailAsync(async call =>
        {
            if (call.Method is not ("ExecutePlan" or "ReattachExecute")) return false;
            await call.EndAsync(14, "going away");
            return true;
        });
        Assert.That(error.Code, Is.EqualTo("MLS6207"));
        Assert.That(error.Message, Does.Contain("going away"));
        Assert.That(script.Waits, Has.Count.EqualTo(15));
        Assert.That(script.Waits.Skip(5), Is.All.InRange(TimeSpan.FromSeconds(51), TimeSpan.FromSeconds(60.5)));
    }

    [Test]
    public async Task The_server_may_say_how_long_to_wait()
    {
        var info = new RetryInfo { RetryDelay = new Google.Protobuf.WellKnownTypes.Duration { Seconds = 7 } };
        byte[] details = new Status { Details = { new Google.Protobuf.WellKnownTypes.Any { TypeUrl = "type.googleapis.com/google.rpc.RetryInfo", Value = info.ToByteString() } } }.ToByteArray();
        await using SparkScript script = await StartAsync("ExecutePlan", async (call, _) => await call.EndAsync(13, "busy", details));
        await using SparkSession session = await script.OpenAsync();
        // The plan may have arrived, so it is asked for first; this server then says that it was interrupted.
        Assert.CatchAsync<SparkException>(() => ReadAsync(session));
        Assert.That(script.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(7) }));
    }

    [Test]
    public async Task A_plan_that_never_arrived_is_sent_again_under_its_id()
    {
        await using SparkScript script = await StartAsync(async call =>
        {
            switch (call.Method)
            {
                case "ExecutePlan" when Next() == 0:
                    call.Reset(7);
                    return true;
                case "ReattachExecute":
                    await call.EndAsync(13, "unknown", Details("INVALID_HANDLE.OPERATION_NOT_FOUND"));
                    return true;
                default:
                    return false;
            }
        });
        await using SparkSession session = await script.OpenAsync();
        Assert.That(await ReadAsync(session), Is.Empty);
        Assert.That(script.Server.Of("ExecutePlan").Select(c => c.Request(ExecutePlanRequest.Parser).OperationId).Distinct().Count(), Is.EqualTo(1));
        Assert.That(script.Server.Of("ExecutePlan").Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_plan_is_not_run_twice_once_it_has_answered()
    {
        (SparkException error, SparkScript script) = await FailAsync(async call =>
        {
            if (call.Method == "ExecutePlan")
            {
                await call.SendAsync(Response(call, "1", Schema));
                await call.EndAsync();
                return true;
            }
            if (call.Method != "ReattachExecute") return false;
            await call.EndAsync(13, "[INVALID_HANDLE.OPERATION_NOT_FOUND] gone", Details("INVALID_HANDLE.OPERATION_NOT_FOUND"));
            return true;
        });
        Assert.That(error.ErrorClass, Is.EqualTo("INVALID_HANDLE.OPERATION_NOT_FOUND"));
        Assert.That(script.Server.Of("ExecutePlan").Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_server_that_only_ever_ends_streams_is_given_up()
    {
        (SparkException error, _) = await FailAsync(async call =>
        {
            if (call.Method is not ("ExecutePlan" or "ReattachExecute")) return false;
            await call.EndAsync();
            return true;
        });
        Assert.That(error.Code, Is.EqualTo("MLS6207"));
    }

    [Test]
    public async Task Pieces_are_joined_and_progress_is_told()
    {
        await using SparkScript script = await StartAsync("ExecutePlan", async (call, _) =>
        {
            await call.SendAsync(Response(call, "1", Schema));
            await call.SendAsync(Response(call, "2", Stages(8, 3)));
            for (int i = 0; i < 3; i++)
            {
                int piece = i;
                await call.SendAsync(Response(call, $"3{i}", r => r.ArrowBatch = new() { RowCount = 9, StartOffset = 0, ChunkIndex = piece, NumChunksInBatch = 3, Data = ByteString.CopyFrom((byte)piece, (byte)piece) }));
            }
            await call.SendAsync(Response(call, "4", Stages(8, 8)));
            await call.SendAsync(Response(call, "5", Complete));
            await call.EndAsync();
        });
        await using SparkSession session = await script.OpenAsync();
        var progress = new Seen();
        SparkBatch batch = (await ReadAsync(session, progress)).Single();
        Assert.That(batch.Rows, Is.EqualTo(9));
        Assert.That(Bytes(batch), Is.EqualTo(new byte[] { 0, 0, 1, 1, 2, 2 }));
        Assert.That(progress.All, Is.EqualTo(new[] { new SparkProgress(8, 3, 5, 0, 0), new SparkProgress(8, 8, 0, 0, 9) }));
    }

    [Test]
    public async Task What_was_read_is_released_now_and_then()
    {
        await using SparkScript script = await StartAsync("ExecutePlan", async (call, _) =>
        {
            await call.SendAsync(Response(call, "0", Schema));
            for (int i = 0; i < 200; i++) await call.SendAsync(Response(call, $"b{i}", Batch(i, 1, 1)));
            await call.SendAsync(Response(call, "end", Complete));
            await call.EndAsync();
        });
        await using (SparkSession session = await script.OpenAsync()) Assert.That(await ReadAsync(session), Has.Count.EqualTo(200));
        ReleaseExecuteRequest[] releases = [.. script.Server.Of("ReleaseExecute").Select(c => c.Request(ReleaseExecuteRequest.Parser))];
        Assert.That(releases.Count(r => r.ReleaseAll is not null), Is.EqualTo(1));
        Assert.That(releases.Count(r => r.ReleaseUntil is not null), Is.InRange(1, 3));
        Assert.That(releases.First(r => r.ReleaseUntil is not null).ReleaseUntil.ResponseId, Is.EqualTo("b62"));
    }

    [Test]
    public async Task Leaving_the_loop_interrupts_the_operation()
    {
        await using SparkScript script = await EndlessAsync();
        await using (SparkSession session = await script.OpenAsync())
        {
            await using SparkRows rows = await session.QueryAsync(Plans.Sql("SELECT 1"), null, CancellationToken.None);
            await foreach (SparkBatch batch in rows.ReadAsync(CancellationToken.None)) break;
        }
        ShouldHaveInterrupted(script);
    }

    [Test]
    public async Task Disposing_unread_rows_interrupts_the_operation()
    {
        await using SparkScript script = await EndlessAsync();
        await using (SparkSession session = await script.OpenAsync())
            await (await session.QueryAsync(Plans.Sql("SELECT 1"), null, CancellationToken.None)).DisposeAsync();
        ShouldHaveInterrupted(script);
        // Not before it has a stage: the server would start its job after all.
        Assert.That(script.Server.Of("ReattachExecute").Count(), Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public async Task Cancelling_interrupts_the_operation_within_a_second()
    {
        await using SparkScript script = await EndlessAsync();
        await using (SparkSession session = await script.OpenAsync())
        {
            using var cancel = new CancellationTokenSource();
            await using SparkRows rows = await session.QueryAsync(Plans.Sql("SELECT 1"), null, cancel.Token);
            long start = 0;
            Assert.CatchAsync<OperationCanceledException>(async () =>
            {
                await foreach (SparkBatch batch in rows.ReadAsync(cancel.Token))
                {
                    start = System.Diagnostics.Stopwatch.GetTimestamp();
                    cancel.CancelAfter(20);
                }
            });
            Assert.That(System.Diagnostics.Stopwatch.GetElapsedTime(start), Is.LessThan(TimeSpan.FromSeconds(1.5)));
        }
        ShouldHaveInterrupted(script);
    }

    [Test]
    public async Task A_failed_operation_is_released_and_not_interrupted()
    {
        (SparkException error, SparkScript script) = await FailAsync(async call =>
        {
            if (call.Method != "ExecutePlan") return false;
            await call.SendAsync(Response(call, "1", Schema));
            await call.EndAsync(13, "[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012", Details("DIVIDE_BY_ZERO", ("sqlState", "22012")));
            return true;
        });
        Assert.That((error.Code, error.ErrorClass, error.SqlState, error.Message), Is.EqualTo(("MLS6203", "DIVIDE_BY_ZERO", "22012", "Division by zero.")));
        Assert.That(error.OperationId, Is.EqualTo(script.Server.Of("ExecutePlan").Single().Request(ExecutePlanRequest.Parser).OperationId));
        Assert.That(script.Server.Of("Interrupt"), Is.Empty);
        Assert.That(script.Server.Of("ReleaseExecute").Count(), Is.EqualTo(1));
    }

    private static readonly object[] Unsound =
    [
        new object[] { "another session", (Action<ExecutePlanResponse>)(r => r.SessionId = "x"), "MLS6211" },
        new object[] { "a new server", (Action<ExecutePlanResponse>)(r => r.ServerSideSessionId = "other"), "MLS6209" },
        new object[] { "rows that are missing", Batch(7, 1, 1), "MLS6211" },
        new object[] { "a piece too early", (Action<ExecutePlanResponse>)(r => r.ArrowBatch = new() { RowCount = 1, ChunkIndex = 1, NumChunksInBatch = 2 }), "MLS6211" },
        new object[] { "a piece of none", (Action<ExecutePlanResponse>)(r => r.ArrowBatch = new() { RowCount = 1, ChunkIndex = 0, NumChunksInBatch = 0 }), "MLS6211" },
        new object[] { "fewer rows than none", (Action<ExecutePlanResponse>)(r => r.ArrowBatch = new() { RowCount = -1 }), "MLS6211" },
        new object[] { "an unfinished batch", (Action<ExecutePlanResponse>)(r => r.ArrowBatch = new() { RowCount = 1, ChunkIndex = 0, NumChunksInBatch = long.MaxValue }), "MLS6211" },
    ];

    [TestCaseSource(nameof(Unsound))]
    public async Task A_result_that_does_not_fit_together_is_refused(string what, Action<ExecutePlanResponse> wrong, string code)
    {
        (SparkException error, _) = await FailAsync(async call =>
        {
            if (call.Method != "ExecutePlan") return false;
            await call.SendAsync(Response(call, "1", Schema));
            await call.SendAsync(Response(call, "2", wrong));
            await call.SendAsync(Response(call, "3", Complete));
            await call.EndAsync();
            return true;
        });
        Assert.That(error.Code, Is.EqualTo(code), what);
    }

    [Test]
    public async Task Garbage_in_a_stream_is_not_tried_again()
    {
        (SparkException error, SparkScript script) = await FailAsync(async call =>
        {
            if (call.Method != "ExecutePlan") return false;
            await call.SendAsync(Response(call, "1", Schema));
            await call.SendAsync([9, 9, 9, 9, 9]);
            await call.EndAsync();
            return true;
        });
        Assert.That(error.Code, Is.EqualTo("MLS6211"));
        Assert.That(script.Waits, Is.Empty);
        // The operation itself may well be running.
        Assert.That(script.Server.Of("Interrupt").Count(), Is.EqualTo(1));
    }

    // Who joins it is told of a stage, then waits for ever; until it is interrupted.
    private Task<SparkScript> EndlessAsync() => StartAsync(async call =>
    {
        if (call.Method == "ReattachExecute" && Next() == 0 && call.Request(ReattachExecuteRequest.Parser).LastResponseId == "1")
        {
            await call.SendAsync(Response(call, "2", Stages(2, 0)));
            await Task.Delay(Timeout.Infinite, call.Aborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        }
        if (call.Method != "ExecutePlan") return false;
        await call.SendAsync(Response(call, "1", Schema));
        await Task.Delay(100);
        if (call.Aborted.IsCancellationRequested) return true;
        await call.SendAsync(Response(call, "3", Batch(0, 1, 1)));
        await Task.Delay(Timeout.Infinite, call.Aborted).ContinueWith(_ => { }, TaskScheduler.Default);
        return true;
    });

    private static void ShouldHaveInterrupted(SparkScript script)
    {
        InterruptRequest interrupt = script.Server.Of("Interrupt").Single().Request(InterruptRequest.Parser);
        string operation = script.Server.Of("ExecutePlan").Single().Request(ExecutePlanRequest.Parser).OperationId;
        Assert.That((interrupt.InterruptType, interrupt.OperationId), Is.EqualTo((InterruptRequest.Types.InterruptType.OperationId, operation)));
        Assert.That(script.Server.Of("ReleaseExecute").Single().Request(ReleaseExecuteRequest.Parser).OperationId, Is.EqualTo(operation));
    }

    private sealed class Seen : IProgress<SparkProgress>
    {
        public List<SparkProgress> All { get; } = [];

        public void Report(SparkProgress value) => All.Add(value);
    }
}
