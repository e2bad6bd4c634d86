using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Shipping;

namespace MlSql.UnitTests.Spark.Shipping;

public class WorkerEndTests
{
    private const string Lost = "Job aborted due to stage failure: Task 3 in stage 9.0 failed 4 times, most recent failure: Lost task 3.1 in stage 9.0 (TID 20) (node executor 7): ";

    [TestCase("org.apache.spark.SparkException: Python worker exited unexpectedly (crashed): java.io.EOFException")]
    [TestCase("java.io.IOException: Stream closed\n\tat java.base/java.io.BufferedInputStream.getBufIfOpen(X.java:1)\n\tat org.apache.spark.api.python.BasePythonRunner.read(X.scala:2)\n\tat org.apache.spark.scheduler.Task.run(X.scala:3)")]
    [TestCase("java.net.SocketException: Broken pipe (Write failed)\n\tat java.base/sun.nio.ch.NioSocketImpl.write(X.java:1)\n\tat org.apache.spark.sql.execution.python.ArrowWriter.write(X.scala:2)")]
    public void A_worker_that_ended_is_told_with_executor_task_and_model(string reason)
    {
        var error = WorkerEnd.Explain(new SparkException("MLS6203", Lost + reason), ["churn version 2"]);
        Assert.That(error?.Code, Is.EqualTo("MLS6309"));
        Assert.That(error!.Message, Is.EqualTo("The worker on executor 7 at node ended in the middle of a batch of churn version 2 (task 3 of stage 9, try 2)"));
    }

    [TestCase("java.net.SocketException: Connection reset\n\tat java.base/sun.nio.ch.NioSocketImpl.read(X.java:1)\n\tat org.apache.hadoop.fs.s3a.S3AInputStream.read(X.java:2)\n\nDriver stacktrace:\n\tat org.apache.spark.api.python.Other.run(X.scala:3)")]
    [TestCase("org.apache.spark.SparkArithmeticException: [DIVIDE_BY_ZERO] Division by zero.")]
    public void Other_ends_keep_their_own_error(string reason) => Assert.That(WorkerEnd.Explain(new SparkException("MLS6203", Lost + reason), ["churn version 2"]), Is.Null);
}
