using System.Globalization;
using MlSql.Columnar;
using MlSql.Models.Onnx;

namespace MlSql.Models.Boosters;

/// <summary>Errors of files of LightGBM and XGBoost: MLS72xx. Numbers are never reused.</summary>
internal sealed class BoosterErrors(string file, string tool)
{
    private const string Again = "the file is damaged or cut short; save the model again";
    private readonly string _file = ShownText.Path(file);

    /// <summary>Text of the file as a message may show it: quoted, not long, and nothing in it steers a terminal.</summary>
    public static string Shown(string text) => ShownText.Name(text);

    public CodedException Cut(string what) =>
        new("MLS7201", $"The {tool} model ends too early: {_file}: {what}", Again);

    public CodedException Malformed(string what) =>
        new("MLS7202", $"Not a whole {tool} model: {_file}: {what}", Again);

    public CodedException Unsupported(string what, string hint) =>
        new("MLS7203", $"MlSql cannot score this {tool} model: {_file}: {what}", hint);

    public CodedException Size(long bytes, long limit) => new(
        "MLS7204",
        string.Create(CultureInfo.InvariantCulture, $"The {tool} model has {bytes:N0} bytes, more than the {limit:N0} that are read: {_file}"),
        "save a model of fewer trees");
}
