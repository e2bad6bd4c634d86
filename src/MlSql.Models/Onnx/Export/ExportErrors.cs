using System.Globalization;
using MlSql.Columnar;

namespace MlSql.Models.Onnx.Export;

/// <summary>The ledger of this room's errors and warnings: MLS71xx. Numbers are never reused.</summary>
internal static class ExportErrors
{
    public const string NotExportable = "MLS7101";
    public const string Contradictory = "MLS7102";
    public const string SharedName = "MLS7103";
    public const string NoFeatures = "MLS7104";
    public const string NamelessInput = "MLS7105";
    public const string EmptyTextAndNull = "MLS7111";
    public const string NullBoolean = "MLS7112";

    public static CodedException Unsupported(string what) =>
        new(NotExportable, $"The model has no ONNX form: {what}", "linear models and trees that give numbers, that choose between two classes by the logistic function, and trees that choose among several by softmax have one");

    public static CodedException TimeInSingle(string input) =>
        new(NotExportable, $"The model has no ONNX form in 32 bits: its trees read the time {input}", "export it WITH (precision = double), or train it on parts of the time");

    public static CodedException Contradiction(string what) =>
        new(Contradictory, $"The model cannot be exported, because it contradicts itself: {what}", "its file is damaged; train or import it again");

    public static CodedException NameTwice(string name) =>
        new(SharedName, $"Two features would be graph inputs of one name: {name}", "rename one in the training query; a field of a struct is named struct.field");

    public static CodedException EmptyName(int feature) =>
        new(NamelessInput, string.Create(CultureInfo.InvariantCulture, $"A graph input needs a name, but that of feature {feature + 1} is empty"), "rename it in the training query");

    public static CodedException WithoutFeatures() =>
        new(NoFeatures, "The model has no features, so its graph would not know how many rows to give", "train it with at least one feature");

    public static OnnxExportWarning BothEmptyAndNull(string input) =>
        new(EmptyTextAndNull, $"Training saw NULL and the empty text, which a graph cannot tell apart: {input}", "the graph takes '' as NULL; replace empty texts in the training query to keep them apart");

    public static OnnxExportWarning BooleanNull(string input) =>
        new(NullBoolean, $"Training saw NULL in a boolean, which a graph cannot be given: {input}", "cast the feature to a number in the training query; the graph then takes NaN as NULL");
}
