using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.UnitTests.Engines.DuckDb;

internal sealed class ErrorTests : EngineFixture
{
    private const string Endless = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b";

    [TestCase("SELEC 1", "MLS6012", EngineErrorType.Parser, 0, "syntax error at or near \"SELEC\"")]
    [TestCase("SELECT * FROM nosuch", "MLS6013", EngineErrorType.Catalog, 14, "Table with name nosuch does not exist!")]
    [TestCase("SELECT 1,\n  nosuch FROM range(1)", "MLS6014", EngineErrorType.Binder, 12, "Referenced column \"nosuch\" not found in FROM clause!")]
    [TestCase("SELECT 'größe 日本', nosuch FROM range(1)", "MLS6014", EngineErrorType.Binder, 19, "Referenced column \"nosuch\" not found in FROM clause!")]
    [TestCase("SELECT CAST('x' AS INTEGER)", "MLS6015", EngineErrorType.Conversion, 7, "Could not convert string 'x' to INT32")]
    [TestCase("SELECT error('told')", "MLS6015", EngineErrorType.InvalidInput, null, "told")]
    [TestCase("SELECT * FROM 'nosuch.csv'", "MLS6019", EngineErrorType.Io, null, "No files found that match the pattern \"nosuch.csv\"")]
    [TestCase("COMMIT", "MLS6017", EngineErrorType.Transaction, null, "cannot commit - no transaction is active")]
    [TestCase("SELECT * FROM 'https://example.com/x.csv'", "MLS6022", EngineErrorType.MissingExtension, null, "File https://example.com/x.csv requires the extension httpfs to be loaded")]
    public void An_error_has_code_kind_place_and_one_line(string sql, string code, EngineErrorType type, int? offset, string message)
    {
        var error = Assert.Throws<EngineException>(() => Connection.Execute(sql, default))!;
        Assert.That((error.Code, error.ErrorType, error.Offset, error.Message), Is.EqualTo((code, type, offset, message)));
    }

    [Test]
    public void The_place_is_found_in_a_long_line_that_the_engine_shows_cut()
    {
        string sql = $"SELECT {string.Join(", ", Enumerable.Range(0, 60).Select(i => $"{i} AS column_{i}"))}, nosuch FROM range(1)";
        Assert.That(Assert.Throws<EngineException>(() => Connection.Execute(sql, default))!.Offset, Is.EqualTo(sql.IndexOf("nosuch", StringComparison.Ordinal)));
    }

    [Test]
    public void The_engine_s_advice_is_the_hint()
    {
        Connection.Execute("CREATE TABLE passengers (age INTEGER)", default);
        Assert.That(Assert.Throws<EngineException>(() => Connection.Execute("SELECT * FROM passenger", default))!.Hint, Is.EqualTo("Did you mean \"passengers\"?"));
        Assert.That(Assert.Throws<EngineException>(() => Connection.Execute("SELECT agee FROM passengers", default))!.Hint, Is.EqualTo("Candidate bindings: \"age\""));
    }

    [Test]
    public void An_error_in_the_middle_of_a_stream_reaches_the_reader()
    {
        using DuckDbResult result = Connection.ExecuteStreaming("SELECT CASE WHEN i = 1500000 THEN error('late') ELSE i END FROM range(2000000) t(i)", default);
        var error = Assert.Throws<EngineException>(() => { while (result.NextChunk(default) is not null) { } })!;
        Assert.That(error.Message, Is.EqualTo("late"));
        Assert.That(Value("SELECT 1"), Is.EqualTo("1"));
    }

    [TestCase("SELECT 1; SELECT 2", "MLS6029")]
    [TestCase("SELECT ?", "MLS6034")]
    [TestCase("SELECT $name", "MLS6034")]
    [TestCase("SELECT '\0', nosuch", "MLS6030")]
    public void A_text_that_is_not_one_complete_statement_is_refused(string sql, string code) =>
        Assert.That(Assert.Throws<CodedException>(() => Connection.Execute(sql, default))!.Code, Is.EqualTo(code));

    [Test]
    public void Cancelling_ends_a_cross_join_within_a_second()
    {
        using var cancel = new CancellationTokenSource(100);
        var watch = Stopwatch.StartNew();
        var error = Assert.Catch<OperationCanceledException>(() => Connection.Execute(Endless, cancel.Token))!;
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1.1)));
        Assert.That(error.CancellationToken, Is.EqualTo(cancel.Token));
        Assert.That(Value("SELECT 1"), Is.EqualTo("1"));
    }

    [Test]
    public void A_value_that_fails_while_rows_are_fetched_is_never_taken_for_a_cancellation()
    {
        for (int i = 0; i < 1500; i++)
        {
            var error = Assert.Throws<EngineException>(() => Connection.Execute("SELECT (CASE WHEN i > 150000 THEN 'x' || i ELSE '1' END)::INTEGER FROM range(400000) t(i)", default))!;
            Assert.That(error.Message, Does.StartWith("Could not convert string 'x").Or.EqualTo("The statement failed on one thread, and the engine did not say why"));
        }
    }

    [Test]
    public void Interrupting_from_another_thread_ends_the_statement()
    {
        Task<long> running = Task.Run(() => Connection.Execute(Endless, default));
        Assert.CatchAsync<OperationCanceledException>(async () =>
        {
            while (!running.IsCompleted)
            {
                await Task.Delay(20);
                Connection.Interrupt();
            }
            await running;
        });
        Assert.That(Value("SELECT 1"), Is.EqualTo("1"));
    }

    [Test]
    public void Cancelling_between_chunks_ends_the_stream()
    {
        using var cancel = new CancellationTokenSource();
        using DuckDbResult result = Connection.ExecuteStreaming("SELECT * FROM range(100000000000)", cancel.Token);
        Assert.That(result.NextChunk(cancel.Token), Is.Not.Null);
        cancel.Cancel();
        Assert.Catch<OperationCanceledException>(() => result.NextChunk(cancel.Token));
        Assert.That(Value("SELECT 1"), Is.EqualTo("1"));
    }

    [Test]
    public void A_cancelled_token_starts_nothing()
    {
        Assert.Catch<OperationCanceledException>(() => Connection.Execute("CREATE TABLE t (a INTEGER)", new CancellationToken(true)));
        Assert.That(Value("SELECT count(*) FROM duckdb_tables()"), Is.EqualTo("0"));
    }

    [Test]
    public void Reaching_the_memory_limit_is_an_error_of_its_own_and_the_session_goes_on()
    {
        using DuckDbDatabase small = DuckDbDatabase.Open(new DatabaseOptions { MemoryBytes = 64L << 20, TempFolder = "", Threads = 1 });
        using DuckDbConnection connection = small.Connect();
        var error = Assert.Throws<EngineException>(() => connection.Execute("CREATE TABLE t AS SELECT i, hash(i) AS h, 'text ' || i AS s FROM range(50000000) t(i)", default))!;
        Assert.That((error.Code, error.ErrorType), Is.EqualTo(("MLS6018", EngineErrorType.OutOfMemory)));
        Assert.That(Rows(connection, "SELECT 1").Single().Single(), Is.EqualTo("1"));
    }

    [Test]
    public void Progress_is_readable_while_a_statement_runs()
    {
        Connection.TrackProgress();
        Connection.Execute("CREATE TABLE t AS SELECT i, hash(i) AS h FROM range(3000000) t(i)", default);
        Task<long> running = Task.Run(() => Connection.Execute("SELECT count(DISTINCT h), sum(sin(i) * cos(i)) FROM t", default));
        var seen = new List<EngineProgress>();
        while (!running.Wait(1)) seen.Add(Connection.Progress);
        Assert.That(seen.Where(p => p.Fraction is not null).Select(p => p.Fraction!.Value), Is.All.InRange(0, 1));
        Assert.That(seen.Any(p => p.Rows > 0 && p.TotalRows >= 3_000_000), Is.True);
    }
}
