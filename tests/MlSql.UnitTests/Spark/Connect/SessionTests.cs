using System.Diagnostics;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;
using static MlSql.UnitTests.Spark.Connect.SparkScript;

namespace MlSql.UnitTests.Spark.Connect;

internal sealed class SessionTests
{
    private static Task<bool> No(ServerCall call) => Task.FromResult(false);

    [Test]
    public async Task A_session_has_a_name_of_its_own_and_ends_when_it_is_disposed()
    {
        await using SparkScript script = await StartAsync(No);
        string id;
        await using (SparkSession session = await script.OpenAsync()) id = session.Id;
        ReleaseSessionRequest release = script.Server.Of("ReleaseSession").Single().Request(ReleaseSessionRequest.Parser);
        AnalyzePlanRequest first = script.Server.Of("AnalyzePlan").Single().Request(AnalyzePlanRequest.Parser);
        Assert.Multiple(() =>
        {
            Assert.That(Guid.TryParse(id, out _));
            Assert.That((release.SessionId, release.UserContext.UserId), Is.EqualTo((id, "tester")));
            Assert.That(first.HasClientObservedServerSideSessionId, Is.False);
            Assert.That(first.ClientType, Does.Match(@"^mlsql/\d+\.\d+\.\d+ os/\w+ dotnet/"));
        });
    }

    [Test]
    public async Task A_session_that_others_share_is_left_alone()
    {
        await using SparkScript script = await StartAsync(No);
        await using (SparkSession session = await script.OpenAsync(";session_id=" + Recording.Session)) Assert.That(session.Id, Is.EqualTo(Recording.Session));
        Assert.That(script.Server.Of("ReleaseSession"), Is.Empty);
    }

    [TestCase("4.3.1", null)]
    [TestCase("4.3.0-SNAPSHOT", null)]
    [TestCase("4.0.5", "4.0.5")]
    [TestCase("4.2.1", "4.2.1")]
    [TestCase("4.5.0", "4.5.0")]
    public async Task Versions_that_are_not_tested_are_noted(string version, string? noted)
    {
        await using SparkScript script = await StartAsync(No, version);
        await using SparkSession session = await script.OpenAsync();
        Assert.That(session.Version.Text, Is.EqualTo(version));
        Assert.That(script.Notices, noted is null ? Is.Empty : Has.Exactly(1).Contains(noted));
    }

    [TestCase("3.5.9")]
    [TestCase("5.0.0")]
    [TestCase("four")]
    [TestCase("4")]
    [TestCase("4.x")]
    [TestCase("")]
    public async Task Another_Spark_is_refused_by_name(string version)
    {
        await using SparkScript script = await StartAsync(No, version);
        SparkException error = Assert.CatchAsync<SparkException>(() => script.OpenAsync())!;
        Assert.That(error.Code, Is.EqualTo("MLS6212"));
        Assert.That(error.Message, Does.Contain(version));
    }

    [TestCase("", "No authentication token provided")]
    [TestCase(";token=wrong", "Invalid authentication token")]
    public async Task Without_the_token_the_message_says_token(string parameter, string text)
    {
        await using SparkScript script = await StartAsync("AnalyzePlan", (call, _) => call.EndAsync(16, text));
        SparkException error = Assert.CatchAsync<SparkException>(() => script.OpenAsync(parameter))!;
        Assert.That(error.Code, Is.EqualTo("MLS6208"));
        Assert.That(error.Message, Does.Contain("token").And.Not.Contain("wrong"));
        Assert.That(error.Hint, Does.Contain("SPARK_CONNECT_AUTHENTICATE_TOKEN"));
        Assert.That(script.Server.Calls, Has.Count.EqualTo(1), "A wrong token stays wrong.");
    }

    [Test]
    public async Task A_server_that_is_not_there_is_given_up_in_time()
    {
        ScriptedServer gone = await ScriptedServer.StartAsync(_ => Task.CompletedTask);
        ConnectionString address = gone.Address();
        await gone.DisposeAsync();
        long start = Stopwatch.GetTimestamp();
        SparkException error = Assert.CatchAsync<SparkException>(() => SparkSession.OpenAsync(address, new SparkSessionOptions { ConnectTimeout = TimeSpan.FromMilliseconds(700) }, CancellationToken.None))!;
        Assert.That(error.Code, Is.EqualTo("MLS6207"));
        Assert.That(error.Message, Does.StartWith($"Spark Connect at {address} is unreachable: "));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.InRange(TimeSpan.FromSeconds(0.6), TimeSpan.FromSeconds(8)));
    }

    [Test]
    public async Task A_server_that_never_answers_is_given_up_in_time()
    {
        await using SparkScript script = await StartAsync("AnalyzePlan", (call, _) => Task.Delay(Timeout.Infinite, call.Aborted).ContinueWith(_ => { }, TaskScheduler.Default));
        SparkException error = Assert.CatchAsync<SparkException>(() => SparkSession.OpenAsync(script.Server.Address(), new SparkSessionOptions { ConnectTimeout = TimeSpan.FromMilliseconds(300) }, CancellationToken.None))!;
        Assert.That((error.Code, error.Message), Is.EqualTo(("MLS6207", $"Spark Connect at {script.Server.Address()} is unreachable: nothing answers")));
    }

    [Test]
    public async Task A_server_that_starts_late_is_waited_for()
    {
        await using SparkScript script = await StartAsync(async call =>
        {
            if (call.Method != "AnalyzePlan" || IsUp()) return false;
            await call.EndAsync(14, "starting");
            return true;
        });
        await using SparkSession session = await script.OpenAsync();
        Assert.That(session.Version.Minor, Is.EqualTo(3));
        Assert.That(script.Waits, Has.Count.EqualTo(20));
        Assert.That(script.Waits, Is.All.LessThanOrEqualTo(TimeSpan.FromSeconds(1)));
    }

    private int _late;

    private bool IsUp() => ++_late > 20;

    [Test]
    public async Task Cancelling_the_opening_is_no_error_of_the_server()
    {
        await using SparkScript script = await StartAsync("AnalyzePlan", (call, _) => Task.Delay(Timeout.Infinite, call.Aborted).ContinueWith(_ => { }, TaskScheduler.Default));
        using var cancel = new CancellationTokenSource(100);
        Assert.CatchAsync<OperationCanceledException>(() => SparkSession.OpenAsync(script.Server.Address(), script.Options, cancel.Token));
    }

    [TestCase("INVALID_HANDLE.SESSION_CHANGED")]
    [TestCase("INVALID_HANDLE.SESSION_CLOSED")]
    public async Task A_lost_session_is_named_so_and_not_tried_again(string errorClass)
    {
        await using SparkScript script = await StartAsync("Config", (call, _) => call.EndAsync(13, $"[{errorClass}] The handle x is invalid. SQLSTATE: HY000", Details(errorClass, ("errorId", "e"))));
        await using SparkSession session = await script.OpenAsync();
        SparkException error = Assert.CatchAsync<SparkException>(() => session.Settings.GetAsync("a", CancellationToken.None))!;
        Assert.That((error.Code, error.Message), Is.EqualTo(("MLS6209", "The Spark session is lost: The handle x is invalid.")));
        Assert.That(script.Server.Of("Config").Count(), Is.EqualTo(1));
        Assert.That(script.Server.Of("FetchErrorDetails"), Is.Empty, "There is no session to ask.");
    }

    [Test]
    public async Task An_answer_of_a_new_server_is_a_lost_session()
    {
        await using SparkScript script = await StartAsync("Config", (call, _) => call.ReplyAsync(new ConfigResponse { SessionId = call.Request(ConfigRequest.Parser).SessionId, ServerSideSessionId = "another" }));
        await using SparkSession session = await script.OpenAsync();
        Assert.That(Assert.CatchAsync<SparkException>(() => session.Settings.GetAsync("a", CancellationToken.None))!.Code, Is.EqualTo("MLS6209"));
        Assert.That(script.Server.Of("Config").Single().Request(ConfigRequest.Parser).ClientObservedServerSideSessionId, Is.EqualTo(ServerId));
    }

    [Test]
    public async Task Settings_are_read_with_and_without_a_value()
    {
        await using SparkScript script = await StartAsync("Config", (call, _) =>
        {
            ConfigRequest.Types.Operation operation = call.Request(ConfigRequest.Parser).Operation;
            var answer = new ConfigResponse();
            if (operation.GetOption is { } get) answer.Pairs.Add(get.Keys[0] == "set" ? new KeyValue { Key = "set", Value = "" } : new KeyValue { Key = get.Keys[0] });
            if (operation.Set is { Silent: true }) answer.Warnings.Add("cannot");
            if (operation.GetAll is { } all) answer.Pairs.Add(new KeyValue { Key = "k", Value = all.Prefix });
            return call.ReplyAsync(answer);
        });
        await using SparkSession session = await script.OpenAsync();
        Assert.That(await session.Settings.GetAsync("set", CancellationToken.None), Is.Empty);
        Assert.That(await session.Settings.GetAsync("other", CancellationToken.None), Is.Null);
        Assert.That(await session.Settings.SetAsync([new("a", "b")], lenient: true, CancellationToken.None), Is.EqualTo(new[] { "cannot" }));
        Assert.That((await session.Settings.GetAllAsync("p.", CancellationToken.None))["k"], Is.EqualTo("p."));
    }

    [Test]
    public async Task A_server_without_a_method_is_too_old_for_it()
    {
        await using SparkScript script = await StartAsync(No, "4.0.5");
        await using SparkSession session = await script.OpenAsync();
        Assert.That(Assert.CatchAsync<SparkException>(() => session.CloneAsync(CancellationToken.None))!.Code, Is.EqualTo("MLS6218"));
        Assert.That(Assert.CatchAsync<SparkException>(() => session.StatusAsync([], CancellationToken.None))!.Code, Is.EqualTo("MLS6218"));
        Assert.That(Assert.CatchAsync<SparkException>(() => session.LocalRowsAsync([new byte[1], new byte[1]], CancellationToken.None))!.Code, Is.EqualTo("MLS6218"));
    }

    [Test]
    public async Task A_clone_is_a_session_of_its_own()
    {
        await using SparkScript script = await StartAsync("CloneSession", (call, _) =>
        {
            CloneSessionRequest request = call.Request(CloneSessionRequest.Parser);
            return call.ReplyAsync(new CloneSessionResponse { SessionId = request.SessionId, ServerSideSessionId = ServerId, NewSessionId = request.NewSessionId, NewServerSideSessionId = "clone" });
        });
        await using SparkSession session = await script.OpenAsync();
        await using (SparkSession clone = await session.CloneAsync(CancellationToken.None))
        {
            Assert.That(clone.Id, Is.Not.EqualTo(session.Id));
            Assert.CatchAsync<SparkException>(() => clone.Settings.GetAsync("a", CancellationToken.None));
            ConfigRequest config = script.Server.Of("Config").Single().Request(ConfigRequest.Parser);
            Assert.That((config.SessionId, config.ClientObservedServerSideSessionId), Is.EqualTo((clone.Id, "clone")));
        }
        Assert.That(script.Server.Of("ReleaseSession").Single().Request(ReleaseSessionRequest.Parser).SessionId, Is.Not.EqualTo(session.Id));
    }

    [Test]
    public async Task A_statement_with_rows_of_its_own_has_been_executed()
    {
        await using SparkScript script = await StartAsync("ExecutePlan", async (call, _) =>
        {
            await call.SendAsync(Response(call, "1", r => r.SqlCommandResult = new() { Relation = new() { LocalRelation = new() } }));
            await call.SendAsync(Response(call, "2", Complete));
            await call.EndAsync();
        });
        await using SparkSession session = await script.OpenAsync();
        SqlAnswer answer = await session.ExecuteSqlAsync(Plans.Sql("SHOW TABLES WHERE a = :x", named: [new("x", new Expression { Literal = new() { String = "v" } })]), null, CancellationToken.None);
        Assert.That((answer.Executed, answer.Result.RelTypeCase), Is.EqualTo((true, Relation.RelTypeOneofCase.LocalRelation)));
        Assert.That(script.Server.Of("ExecutePlan").Single().Request(ExecutePlanRequest.Parser).Plan.Command.SqlCommand.Input.Sql.NamedArguments["x"].Literal.String, Is.EqualTo("v"));
    }

    [Test]
    public async Task A_session_ends_though_the_server_has_gone()
    {
        SparkScript script = await StartAsync(No);
        SparkSession session = await script.OpenAsync();
        await script.DisposeAsync();
        await session.DisposeAsync();
    }
}
