using System.Globalization;

namespace MlSql.Columnar.Ipc;

/// <summary>What can be wrong with Arrow data. Numbers are never reused.</summary>
internal static class ArrowErrors
{
    private const string NotWellFormed = "MLS6101";
    private const string EndedEarly = "MLS6102";
    private const string OverLimit = "MLS6103";
    private const string Compressed = "MLS6104";
    private const string Dictionary = "MLS6105";
    private const string TypeUnsupported = "MLS6106";
    private const string ValueUnsupported = "MLS6107";
    private const string TextInvalid = "MLS6108";

    private const int LongestName = 100;
    private const string BrokenHint = "the sender is broken or is not an Arrow stream; if it is Spark, report this with the Spark version";

    public static ArrowException Malformed(string what) => new(NotWellFormed, $"The Arrow data is not well-formed: {what}", BrokenHint);

    public static ArrowException Truncated(string where) => new(EndedEarly, $"The Arrow data ends too early: {where}", "the sender stopped or the connection was lost");

    public static ArrowException TooLarge(string what, long found, long limit) =>
        new(OverLimit, string.Create(CultureInfo.InvariantCulture, $"The Arrow data is larger than allowed: {what} of {found}, the limit is {limit}"), "send fewer rows in a batch, in Spark with spark.sql.execution.arrow.maxRecordsPerBatch");

    public static ArrowException TooDeep(int limit) =>
        new(OverLimit, string.Create(CultureInfo.InvariantCulture, $"The Arrow data is nested deeper than allowed: the limit is {limit}"), "flatten the column");

    public static ArrowException CompressedBody(string codec) =>
        new(Compressed, $"The Arrow data is compressed with {codec}, which is not supported", "set spark.sql.execution.arrow.compression.codec to none");

    public static ArrowException DictionaryEncoded(string field) =>
        new(Dictionary, $"The Arrow column is dictionary-encoded, which is not supported: {Shown(field)}", "send the values themselves");

    public static ArrowException Unsupported(string type, string field) => new(TypeUnsupported, $"The Arrow type {type} is not supported: {Shown(field)}", "cast the column to another type");

    public static ArrowException CannotWrite(DataType type, string field) =>
        new(TypeUnsupported, $"The type {type} cannot be written as Arrow: {Shown(field)}", "cast the column to another type");

    public static ArrowException Value(string message) => new(ValueUnsupported, message, "cast the column to another type");

    public static ArrowException NotUtf8() => new(TextInvalid, "A text to be written is not UTF-8", "the labels of the model must be UTF-8 text");

    // A name comes from outside: it may be of any length and hold anything.
    private static string Shown(string name) => string.Concat(name.Take(LongestName).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c)) + (name.Length > LongestName ? "…" : "");
}
