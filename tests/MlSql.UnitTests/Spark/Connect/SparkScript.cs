using System.Collections.Concurrent;
using Google.Protobuf;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.UnitTests.Spark.Connect;

/// <summary>A server of which only what a test is about is written; the rest answers as Spark does.</summary>
internal sealed class SparkScript : IAsyncDisposable
{
    public const string ServerId = "11111111-2222-3333-4444-555555555555";
    private readonly Func<ServerCall, Task<bool>> _answer;
    private readonly ConcurrentQueue<TimeSpan> _waits = [];
    private ScriptedServer? _server;

    private SparkScript(Func<ServerCall, Task<bool>> answer) => _answer = answer;

    public string Version { get; init; } = "4.3.0";

    /// <summary>The server's id of the session.</summary>
    public string Observed { get; init; } = ServerId;

    public ScriptedServer Server => _server!;

    /// <summary>What the client waited before it tried again; the waiting itself takes no time.</summary>
    public IReadOnlyCollection<TimeSpan> Waits => _waits;

    public List<string> Notices { get; } = [];

    /// <summary><paramref name="answer"/> says whether it has answered.</summary>
    public static async Task<SparkScript> StartAsync(Func<ServerCall, Task<bool>> answer, string version = "4.3.0", string observed = ServerId)
    {
        var script = new SparkScript(answer) { Version = version, Observed = observed };
        script._server = await ScriptedServer.StartAsync(script.AnswerAsync);
        return script;
    }

    /// <summary>As <see cref="StartAsync(Func{ServerCall, Task{bool}}, string, string)"/>, for the calls of one method.</summary>
    public static Task<SparkScript> StartAsync(string method, Func<ServerCall, int, Task> answer, string version = "4.3.0")
    {
        int count = 0;
        return StartAsync(async call =>
        {
            if (call.Method != method) return false;
            await answer(call, Interlocked.Increment(ref count) - 1);
            return true;
        }, version);
    }

    public SparkSessionOptions Options => new()
    {
        Notice = Notices.Add,
        Retries = new RetryPolicy((wait, cancel) =>
        {
            cancel.ThrowIfCancellationRequested();
            _waits.Enqueue(wait);
            return Task.CompletedTask;
        }),
    };

    public Task<SparkSession> OpenAsync(string parameters = "") => SparkSession.OpenAsync(Server.Address(parameters), Options, CancellationToken.None);

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>The fields that each message of an execution carries.</summary>
    public static ExecutePlanResponse Response(ServerCall call, string responseId, Action<ExecutePlanResponse>? fill = null)
    {
        (string session, string operation) = call.Method == "ExecutePlan"
            ? (call.Request(ExecutePlanRequest.Parser).SessionId, call.Request(ExecutePlanRequest.Parser).OperationId)
            : (call.Request(ReattachExecuteRequest.Parser).SessionId, call.Request(ReattachExecuteRequest.Parser).OperationId);
        var response = new ExecutePlanResponse { SessionId = session, ServerSideSessionId = ServerId, OperationId = operation, ResponseId = responseId };
        fill?.Invoke(response);
        return response;
    }

    public static void Schema(ExecutePlanResponse r) => r.Schema = new DataType { Struct = new() { Fields = { new DataType.Types.StructField { Name = "a", DataType = new() { Long = new() } } } } };

    public static void Complete(ExecutePlanResponse r) => r.ResultComplete = new();

    public static Action<ExecutePlanResponse> Batch(long start, int rows, params byte[] data) => r => r.ArrowBatch = new() { RowCount = rows, StartOffset = start, Data = ByteString.CopyFrom(data) };

    public static Action<ExecutePlanResponse> Stages(int tasks, int done) => r => r.ExecutionProgress = new() { Stages = { new ExecutePlanResponse.Types.ExecutionProgress.Types.StageInfo { NumTasks = tasks, NumCompletedTasks = done } }, NumInflightTasks = tasks - done };

    /// <summary>google.rpc.Status with an ErrorInfo, as the server sends it in trailers.</summary>
    public static byte[] Details(string errorClass, params (string Key, string Value)[] more)
    {
        var info = new ErrorInfo { Reason = "org.apache.spark.SparkException", Domain = "org.apache.spark", Metadata = { ["errorClass"] = errorClass } };
        foreach ((string key, string value) in more) info.Metadata[key] = value;
        return new Status { Details = { new Google.Protobuf.WellKnownTypes.Any { TypeUrl = "type.googleapis.com/google.rpc.ErrorInfo", Value = info.ToByteString() } } }.ToByteArray();
    }

    private async Task AnswerAsync(ServerCall call)
    {
        if (await _answer(call)) return;
        switch (call.Method)
        {
            case "AnalyzePlan":
                await call.ReplyAsync(new AnalyzePlanResponse { SessionId = call.Request(AnalyzePlanRequest.Parser).SessionId, ServerSideSessionId = Observed, SparkVersion = new() { Version = Version } });
                break;
            case "ReleaseSession":
                await call.ReplyAsync(new ReleaseSessionResponse());
                break;
            case "ReleaseExecute":
                await call.ReplyAsync(new ReleaseExecuteResponse());
                break;
            case "Interrupt":
                await call.ReplyAsync(new InterruptResponse { InterruptedIds = { call.Request(InterruptRequest.Parser).OperationId } });
                break;
            case "ReattachExecute":
                await call.EndAsync(13, "[OPERATION_CANCELED] Operation has been canceled.", Details("OPERATION_CANCELED"));
                break;
            case "ExecutePlan":
                await call.SendAsync(Response(call, "r1", Schema));
                await call.SendAsync(Response(call, "r2", Complete));
                await call.EndAsync();
                break;
            default:
                await call.EndAsync(12, "Method not found: " + call.Method);
                break;
        }
    }
}
