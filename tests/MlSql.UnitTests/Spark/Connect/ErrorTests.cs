using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Transport;
using static MlSql.UnitTests.Spark.Connect.SparkScript;

namespace MlSql.UnitTests.Spark.Connect;

internal sealed class ErrorTests
{
    private static SparkException Of(string message, byte[]? details = null, GrpcStatus status = GrpcStatus.Internal)
    {
        var error = new GrpcException(status, message, GrpcOrigin.Server, details);
        return SparkErrors.Of(error, ServerError.Of(error), "sc://host:1", hasToken: false);
    }

    [Test]
    public void What_our_worker_says_keeps_its_code()
    {
        const string Text = """
            Job aborted due to stage failure: Task 0 in stage 3.0 failed 1 times, most recent failure: Lost task 0.0 in stage 3.0 (TID 7) (192.0.2.2 executor driver): org.apache.spark.api.python.PythonException: [PYTHON_EXCEPTION] An exception was thrown from the Python worker: MLS7777: Feature age of model churn has a text in batch 4 SQLSTATE: 38000
            	at org.apache.spark.api.python.BasePythonRunner$ReaderIterator.handlePythonException(PythonRunner.scala:581)

            Driver stacktrace:
            """;
        SparkException error = Of(Text, Details("PYTHON_EXCEPTION", ("sqlState", "38000")));
        Assert.That((error.Code, error.Message, error.SqlState), Is.EqualTo(("MLS7777", "Feature age of model churn has a text in batch 4", "38000")));
        Assert.That(error.FullText, Is.EqualTo(Text));
    }

    [Test]
    public void A_workers_way_out_becomes_the_hint()
    {
        SparkException error = Of("[PYTHON_EXCEPTION] An exception was thrown from the Python worker: MLS7778: no model\nhint: send it SQLSTATE: 38000", Details("PYTHON_EXCEPTION"));
        Assert.That((error.Code, error.Message, error.Hint), Is.EqualTo(("MLS7778", "no model", "send it")));
    }

    [Test]
    public void An_error_of_a_Python_function_is_the_workers()
    {
        SparkException error = Of("[PYTHON_EXCEPTION] An exception was thrown from the Python worker: Traceback…\nZeroDivisionError SQLSTATE: 38000", Details("PYTHON_EXCEPTION"));
        Assert.That(error.Code, Is.EqualTo("MLS6204"));
        Assert.That(error.Message, Does.EndWith("ZeroDivisionError"));
    }

    [Test]
    public void A_code_in_the_text_of_a_statement_is_only_text()
    {
        SparkException error = Of("[USER_RAISED_EXCEPTION] MLS1001: mine SQLSTATE: P0001", Details("USER_RAISED_EXCEPTION"));
        Assert.That((error.Code, error.Message), Is.EqualTo(("MLS6203", "MLS1001: mine")));
    }

    [TestCase("INVALID_CONF_VALUE.OUT_OF_RANGE", 13, "MLS6215")]
    [TestCase("CANNOT_MODIFY_STATIC_CONFIG", 13, "MLS6215")]
    [TestCase("SQL_CONF_NOT_FOUND", 13, "MLS6215")]
    [TestCase("ARTIFACT_ALREADY_EXISTS", 13, "MLS6214")]
    [TestCase("PARSE_EMPTY_STATEMENT", 13, "MLS6201")]
    [TestCase("OPERATION_CANCELED", 13, "MLS6205")]
    [TestCase("CAST_INVALID_INPUT", 13, "MLS6203")]
    [TestCase(null, 13, "MLS6200")]
    [TestCase(null, 2, "MLS6200")]
    [TestCase(null, 8, "MLS6206")]
    [TestCase(null, 12, "MLS6218")]
    [TestCase(null, 7, "MLS6208")]
    [TestCase(null, 99, "MLS6200")]
    public void Each_condition_has_its_code(string? errorClass, int status, string code) =>
        Assert.That(Of("text", errorClass is null ? null : Details(errorClass), (GrpcStatus)status).Code, Is.EqualTo(code));

    [Test]
    public void A_name_of_a_class_is_enough_where_there_is_no_condition()
    {
        Assert.That(Of("x", Details("", ("classes", """["a.OutOfMemoryError"]"""))).Code, Is.EqualTo("MLS6206"));
        Assert.That(Of("x", Details("", ("classes", """["org.apache.spark.sql.AnalysisException"]"""))).Code, Is.EqualTo("MLS6202"));
        Assert.That(Of("x", Details("", ("sqlState", "42000"))).Code, Is.EqualTo("MLS6202"));
    }

    [Test]
    public void Details_that_are_broken_leave_the_message()
    {
        foreach (byte[] details in new byte[][] { [], [0xFF], [.. Details("A").Take(20)] })
            Assert.That(Of("what happened", details).Message, Is.EqualTo("what happened"));
        Assert.That(Of("x", Details("A", ("classes", "[\"cut"), ("messageParameters", "{\"a\":"))).ErrorClass, Is.EqualTo("A"));
        Assert.That(Of("").Message, Is.Not.Empty);
    }

    [Test]
    public void Causes_may_point_anywhere()
    {
        var full = new MlSql.Engines.Spark.Connect.Protocol.FetchErrorDetailsResponse { RootErrorIdx = 0 };
        full.Errors.Add(new MlSql.Engines.Spark.Connect.Protocol.FetchErrorDetailsResponse.Types.Error { Message = "outer", CauseIdx = 1 });
        full.Errors.Add(new MlSql.Engines.Spark.Connect.Protocol.FetchErrorDetailsResponse.Types.Error { Message = "inner", CauseIdx = 0 });
        Assert.That(new ServerError().With(full).Text, Is.EqualTo("outer"));
        full.Errors[1].CauseIdx = 77;
        Assert.That(new ServerError().With(full).ErrorClass, Is.Null);
        full.Errors[1].SparkThrowable = new() { ErrorClass = "REAL" };
        Assert.That(new ServerError().With(full).ErrorClass, Is.EqualTo("REAL"));
        full.RootErrorIdx = -3;
        Assert.That(new ServerError { Text = "kept" }.With(full).Text, Is.EqualTo("kept"));
    }

    [Test]
    public void Waits_grow_to_a_minute_and_end_after_fifteen()
    {
        RetryPolicy policy = RetryPolicy.Default;
        Assert.That(Enumerable.Range(0, 3).Select(i => policy.Wait(i, null)!.Value.TotalMilliseconds), Is.EqualTo(new double[] { 50, 200, 800 }));
        Assert.That(policy.Wait(14, null)!.Value.TotalSeconds, Is.InRange(60, 60.5));
        Assert.That(policy.Wait(15, null), Is.Null);
        Assert.That(policy.Wait(0, TimeSpan.FromHours(2)), Is.EqualTo(TimeSpan.FromMinutes(10)));
        Assert.That(policy.Wait(0, TimeSpan.Zero)!.Value.TotalMilliseconds, Is.EqualTo(50));
    }
}
