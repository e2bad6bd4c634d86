using System.Text.Json;

namespace MlSql.Models.Boosters;

/// <summary>Reads the JSON form.</summary>
internal static class XgBoostJson
{
    /// <summary>The outermost value. Throws MLS7201 and MLS7202.</summary>
    public static XgBoostNode Read(ReadOnlySpan<byte> bytes, BoosterErrors errors, CancellationToken cancel)
    {
        Utf8JsonReader reader = new(bytes, new JsonReaderOptions { MaxDepth = XgBoostNode.MaxDepth });
        try
        {
            reader.Read();
            XgBoostNode root = Value(ref reader, errors, cancel);
            return reader.Read() ? throw errors.Malformed("something follows the model") : root;
        }
        catch (JsonException e)
        {
            throw errors.Malformed(FormattableString.Invariant($"line {e.LineNumber + 1} is no JSON, or the file ends there"));
        }
    }

    private static XgBoostNode Value(ref Utf8JsonReader reader, BoosterErrors errors, CancellationToken cancel)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new Dictionary<string, XgBoostNode>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    string name = TextOf(ref reader, errors);
                    reader.Read();
                    if (!members.TryAdd(name, Value(ref reader, errors, cancel))) throw errors.Malformed($"{BoosterErrors.Shown(name)} is there twice");
                }
                return new XgBoostNode.Members(members);
            case JsonTokenType.StartArray:
                return Array(ref reader, errors, cancel);
            case JsonTokenType.String:
                return new XgBoostNode.Text(TextOf(ref reader, errors));
            case JsonTokenType.Number:
                return new XgBoostNode.Number(reader.GetDouble());
            case JsonTokenType.True or JsonTokenType.False:
                return new XgBoostNode.Number(reader.TokenType == JsonTokenType.True ? 1 : 0);
            default:
                return new XgBoostNode.Nothing();
        }
    }

    // Numbers, the bulk of a model, are not made nodes one by one.
    private static XgBoostNode Array(ref Utf8JsonReader reader, BoosterErrors errors, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        List<double> numbers = [];
        List<XgBoostNode>? items = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (items is null && reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False)
            {
                numbers.Add(reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : reader.TokenType == JsonTokenType.True ? 1 : 0);
                continue;
            }
            items ??= [.. numbers.Select(n => new XgBoostNode.Number(n))];
            items.Add(Value(ref reader, errors, cancel));
        }
        return items is not null ? new XgBoostNode.Items(items) : numbers.Count > 0 ? new XgBoostNode.Numbers([.. numbers]) : new XgBoostNode.Items([]);
    }

    private static string TextOf(ref Utf8JsonReader reader, BoosterErrors errors)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw errors.Malformed("a text is not valid UTF-8");
        }
    }
}
