using System.Text.Json;

namespace MlSql.Models.Store.Manifests;

/// <summary>Doubles in JSON: shortest digits that give the same bits back; what JSON has no number for as "NaN", "Infinity", "-Infinity". Which NaN it was is not kept.</summary>
internal static class JsonReal
{
    public static void Write(Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        if (value is not { } number) json.WriteNullValue();
        else if (double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }

    public static double Read(JsonElement element) => element.ValueKind != JsonValueKind.String ? element.GetDouble() : element.GetString() switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var other => throw new FormatException($"not a number: {other}"),
    };

    public static double? ReadOrNull(JsonElement element) => element.ValueKind == JsonValueKind.Null ? null : Read(element);
}
