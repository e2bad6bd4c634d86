using System.Globalization;
using MlSql.Columnar;

namespace MlSql.Engines.Spark.Server;

/// <summary>Every error of starting Spark and of the worker that is shipped to it. Numbers are never reused.</summary>
internal static class ServerErrors
{
    public static CodedException NoHome() => new(
        "MLS6301",
        "There is no Spark to run on: neither an address nor SPARK_HOME is set",
        "set SPARK_HOME to the folder of a Spark 4 to start one here, or name a running server: --remote sc://host:15002");

    public static CodedException NotSpark(string home) => new(
        "MLS6302",
        $"SPARK_HOME is not the folder of a Spark with Spark Connect: {home} (it has no {{bin/spark-submit, jars/spark-connect_*.jar}})",
        "set SPARK_HOME to the folder of a Spark 4, or name a running server: --remote sc://host:15002");

    public static CodedException NoJava(string? javaHome) => new(
        "MLS6303",
        javaHome is null ? "Spark needs Java, and there is none on the PATH" : $"Spark needs Java, and JAVA_HOME has no bin/java: {javaHome}",
        "install Java 17 or set JAVA_HOME, or name a running server: --remote sc://host:15002");

    public static CodedException Ended(int code, string log) => new(
        "MLS6304",
        string.Create(CultureInfo.InvariantCulture, $"The Spark server ended while it started (exit code {code}). The end of its log:\n{log}"),
        "the log says why; a Spark below 4 has no Spark Connect server of its own");

    public static CodedException Late(TimeSpan deadline, string log) => new(
        "MLS6305",
        string.Create(CultureInfo.InvariantCulture, $"The Spark server did not start within {deadline.TotalSeconds:0.#} s. The end of its log:\n{log}"),
        "the machine may be short of memory; a server that runs already is used with --remote");

    public static CodedException NoShell() => new(
        "MLS6306",
        "A Spark server is started here on Linux and macOS only",
        "name a running server: --remote sc://host:15002");

    public static CodedException NoArchive(string path, string runtime) => new(
        "MLS6307",
        $"The archive that Spark's executors need is missing: {path}",
        $"it is made by building the command: dotnet build src/MlSql.Cli -p:WorkerRuntimes={runtime}");

    public static CodedException WorkerDoesNotStart(string path, string reason) => new(
        "MLS6308",
        $"The worker cannot be started: {reason}: {path}",
        "it needs glibc 2.27 or newer, libstdc++ and a folder that programs may be started from; TMPDIR names another");

    public static CodedException WorkerEnded(string place, string task, string models) => new(
        "MLS6309",
        $"The worker on {place} ended in the middle of a batch of {models} ({task})",
        "the executor's log has its last words; short of memory, raise spark.executor.memoryOverhead or lower spark.sql.execution.arrow.maxRecordsPerBatch");
}
