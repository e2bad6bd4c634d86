using System.Globalization;
using MlSql.Columnar;

namespace MlSql.Scoring.Onnx;

/// <summary>The ledger of ONNX Runtime's errors: MLS41xx. Numbers are never reused.</summary>
internal static class RuntimeErrors
{
    public static CodedException LibraryMissing(IEnumerable<string> candidates, bool named, string variable) => new(
        "MLS4101",
        $"The ONNX Runtime library was not found; looked at {string.Join(", ", candidates)}",
        named ? $"correct or unset {variable}" : $"build the program again so that the library is fetched (needs npm) and, on a cluster, sent along as mlsql-onnx-*; or name a library file in {variable}");

    public static CodedException LibraryUnusable(string path, string why, string variable, Exception? inner = null) => new(
        "MLS4102",
        $"{path} {why}",
        $"it must be ONNX Runtime 1.30 or newer for this platform; build the program again, or name another file in {variable}",
        inner);

    public static CodedException SessionRefused(string why) => new(
        "MLS4103",
        why.Contains("construct locale", StringComparison.Ordinal) ? $"ONNX Runtime cannot run this model: operator StringNormalizer: {why}" : $"ONNX Runtime cannot run this model: {why}",
        why.Contains("construct locale", StringComparison.Ordinal)
            ? "install the locale on this machine, or export the model with the operator's attribute locale set to one that is here, such as C"
            : "export the model again with operators that ONNX Runtime 1.30 knows");

    public static LimitException TooLong(TimeSpan limit, int rows) => new(
        "MLS4104",
        string.Create(CultureInfo.InvariantCulture, $"The model ran longer than {limit.TotalSeconds:0.###} s on {rows} {(rows == 1 ? "row" : "rows")}"),
        "raise --model-timeout, or use a model without an endless loop");

    public static LimitException OutOfMemory(string where, long arenaBytes, string why) => new(
        "MLS4105",
        arenaBytes > 0
            ? string.Create(CultureInfo.InvariantCulture, $"The model wants more memory than its {Mebibytes(arenaBytes)} {where}: {why}")
            : $"There is not enough memory for the model {where}: {why}",
        "raise --memory, or use a smaller model");

    public static CodedException RunFailed(string where, string why) => new(
        "MLS4106",
        $"The model failed {where}: {why}",
        "look whether the features have values that the model was made for");

    public static CodedException OutputRows(string output, int expected, long found) => new(
        "MLS4107",
        string.Create(CultureInfo.InvariantCulture, $"Output {output} has {found} rows where {expected} were fed"),
        "the model does not give one result a row; export the model again without this output");

    public static CodedException OutputWidth(string output, int expected, long found) => new(
        "MLS4108",
        string.Create(CultureInfo.InvariantCulture, $"Output {output} has {found} values a row where it had {expected} when the model was imported"),
        "the model's outputs change with the data; export the model again without this output");

    public static CodedException OutputUnsupported(string output, string what) => new(
        "MLS4109",
        $"Output {output} cannot be a column: {what}",
        "export the model again without this output");

    public static CodedException ListLength(string feature, int expected, int found, int row) => new(
        "MLS4110",
        string.Create(CultureInfo.InvariantCulture, $"Feature expects lists of {expected} values but a row has one of {found}: {feature} (row {row} of its batch)"),
        string.Create(CultureInfo.InvariantCulture, $"filter such rows with len({feature}) = {expected}"));

    public static CodedException ColumnType(string feature, string tensor, DataType found) => new(
        "MLS4111",
        $"Feature feeds a tensor of {tensor} but the column is {found}: {feature}",
        "cast the column to a type whose every value fits");

    public static CodedException ColumnCount(int expected, int found) => new(
        "MLS4112",
        string.Create(CultureInfo.InvariantCulture, $"The model has {expected} features but {found} columns were given"),
        "pass one column a feature, in the order of the model's signature");

    public static CodedException ColumnLength(string feature, int expected, int found) => new(
        "MLS4113",
        string.Create(CultureInfo.InvariantCulture, $"The column has {found} rows where {expected} are scored: {feature}"),
        "pass columns of one batch");

    public static CodedException Contradiction(string what) => new(
        "MLS4114",
        $"The model's description and its graph contradict each other: {what}",
        "import the model again");

    public static LimitException LoadTooLong(TimeSpan limit) => new(
        "MLS4115",
        string.Create(CultureInfo.InvariantCulture, $"Making the model ready took longer than {limit.TotalSeconds:0.###} s"),
        "raise --model-timeout, or use a smaller model");

    public static CodedException BatchSizes(string input, long size, string other, long otherSize) => new(
        "MLS4116",
        string.Create(CultureInfo.InvariantCulture, $"The model's inputs fix different numbers of rows: {input} {size}, {other} {otherSize}"),
        "export the model with a free first dimension");

    /// <summary>True for what a run fails with, other than a session that cannot be made.</summary>
    public static bool IsOfRun(CodedException error) => error.Code is "MLS4104" or "MLS4105" or "MLS4106";

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024.0):0.#} MiB");
}
