using System.Globalization;
using MlSql.Columnar;
using MlSql.Worker.Tasks;

namespace MlSql.Worker;

/// <summary>The ledger of the worker's errors: MLS43xx. Numbers are never reused; MLS4301 stands in <see cref="Launch.ForeignLaunch"/>.</summary>
internal static class WorkerErrors
{
    private const string Report = "this is a bug in MlSql; please report it";

    public static CodedException EngineTooOld() => new(
        "MLS4302",
        "This worker serves Spark 4.3; the task came from an older Spark",
        "use Spark 4.3, or score with Python on this cluster");

    public static CodedException Malformed(string what, Exception? inner = null) => new(
        "MLS4303",
        $"The engine's description of a task cannot be understood: {what}",
        "the worker serves Spark 4.3; let the cluster use the worker that came with the client",
        inner);

    public static CodedException DescriptionTooLong(int length, int limit) => new(
        "MLS4304",
        string.Create(CultureInfo.InvariantCulture, $"The engine announces a task's description of {(uint)length} bytes where {limit} are allowed"),
        "do not capture large values in functions");

    public static CodedException Mixed(int own, int all) => new(
        "MLS4305",
        string.Create(CultureInfo.InvariantCulture, $"Spark put {own} functions of MlSql and {all - own} of Python into one task"),
        "write what the Python function gives into a temporary table first, and predict over that");

    public static CodedException Unsupported(EvalType type) => new(
        "MLS4306",
        string.Create(CultureInfo.InvariantCulture, $"A function of MlSql was called in a way that it does not know: evaluation type {(int)type}"),
        "register it as a scalar Arrow function (250, 251) or use it with mapInArrow (207)");

    public static CodedException ModelFileMissing(string name, IEnumerable<string> folders) => new(
        "MLS4307",
        $"The model's file {name} is in none of the folders of this task: {string.Join(", ", folders)}",
        "run the statement again; if it stays so, look whether the executors can reach the driver's files");

    public static CodedException ModelFileWrong(string path, string what) => new(
        "MLS4308",
        $"The model's file is not what was sent: {path}: {what}",
        "run the statement again in a new session");

    public static CodedException ArgumentCount(int expected, int found) => new(
        "MLS4309",
        string.Create(CultureInfo.InvariantCulture, $"The function has {expected} parameters but {found} arguments were given"),
        "pass one argument a feature, in the order of the model's signature");

    public static CodedException ArgumentName(string name, IEnumerable<string> known) => new(
        "MLS4310",
        $"The function has no parameter of this name, or it was given twice: {name}",
        $"its parameters are {string.Join(", ", known.Take(20))}");

    public static CodedException ArgumentType(string feature, DataType type) => new(
        "MLS4311",
        $"Feature {feature} cannot be read from a {type}",
        "CAST the argument");

    public static CodedException OutputType(DataType promised, DataType made) => new(
        "MLS4312",
        $"The engine was promised {promised} but the model gives {made}",
        Report);

    public static CodedException InputColumns(string what) => new(
        "MLS4313",
        $"The engine's columns are not those that the function expects: {what}",
        "call the function again as it was registered");

    public static CodedException NoBarrier() => new(
        "MLS4314",
        "The tasks are to meet, but their stage has no barrier",
        "run the function with mapInArrow and barrier = true");

    public static CodedException Meeting(string what, Exception? inner = null) => new(
        "MLS4315",
        $"The tasks of the stage could not meet: {what}",
        "another task may have failed, or there are fewer task slots than partitions",
        inner);

    public static CodedException PythonMissing(string python, string why, Exception? inner = null) => new(
        "MLS4316",
        $"The session's Python functions need {python}, which cannot be used: {why}",
        "install it on every executor, or name another with spark.mlsql.python (else PYSPARK_PYTHON)",
        inner);

    public static CodedException PythonLost(string what) => new(
        "MLS4317",
        $"The Python process that was given this task failed: {what}",
        "its own messages are in the executor's log");

    public static CodedException OutOfMemory(Exception inner) => new(
        "MLS4318",
        "The tasks of this executor need more memory than it has",
        "raise spark.executor.pyspark.memory where it is set, lower spark.sql.execution.arrow.maxRecordsPerBatch, or run fewer tasks at once",
        inner);

    public static CodedException RuntimeNotUnpacked(string path, Exception inner) => new(
        "MLS4319",
        $"ONNX Runtime cannot be unpacked on this executor: {inner.Message.ReplaceLineEndings(" ").Trim()}: {path}",
        "it needs 50 MB in the folder that Spark gives the executor",
        inner);

    public static CodedException Bug(Exception error) => new(
        "MLS4399",
        $"{error.GetType().Name}: {error.Message}",
        Report,
        error);
}
