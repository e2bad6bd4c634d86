using System.Collections.Immutable;
using System.Text.Json;

namespace MlSql.Models.Onnx;

/// <summary>The metadata entry feature_names: a JSON list of texts, or texts between commas.</summary>
internal static class FeatureNameList
{
    /// <summary>Reads it; empty for a list that is neither, since names are a convenience and no part of what the graph computes.</summary>
    public static ImmutableArray<string> Parse(string text)
    {
        text = text.Trim();
        if (text.Length == 0) return [];
        if (!text.StartsWith('[')) return [.. text.Split(',', StringSplitOptions.TrimEntries)];
        try
        {
            using var list = JsonDocument.Parse(text);
            return list.RootElement.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String) ? [.. list.RootElement.EnumerateArray().Select(name => name.GetString()!)] : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Also a text of half a surrogate pair, which no .NET string should hold.
            return [];
        }
    }
}
