using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace MlSql.Models.Onnx.Export;

/// <summary>What stands in the file about the model: its task, label, classes and what kind of value each input is.</summary>
internal static class Metadata
{
    public static IEnumerable<KeyValuePair<string, string>> Of(ModelSignature signature, ImmutableArray<FeatureInput> inputs)
    {
        yield return new("mlsql.task", signature.Task == ModelTask.Classification ? "classification" : "regression");
        yield return new("mlsql.label", signature.Label);
        if (signature.Classes is { } classes)
        {
            yield return new("mlsql.class_kind", classes.Kind switch
            {
                ClassKind.Text => "text",
                ClassKind.Integer => "integer",
                ClassKind.Real => "real",
                _ => "boolean",
            });
            yield return new("mlsql.classes", Json(writer =>
            {
                writer.WriteStartArray();
                foreach (string value in classes.Values) writer.WriteStringValue(value);
                writer.WriteEndArray();
            }));
        }
        yield return new("mlsql.inputs", Json(writer =>
        {
            writer.WriteStartObject();
            foreach (var input in inputs) writer.WriteString(input.Name, GraphInputs.KindOf(input.Type));
            writer.WriteEndObject();
        }));
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes)) write(writer);
        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
