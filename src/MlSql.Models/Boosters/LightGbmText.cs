using System.Globalization;
using System.Text;

namespace MlSql.Models.Boosters;

/// <summary>The lines of one section of LightGBM's text: "key=value", or a key alone. Later lines of a key win, as in the tool.</summary>
internal sealed class LightGbmSection(ReadOnlyMemory<byte> text, string name, BoosterErrors errors)
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _values = new(StringComparer.Ordinal);

    /// <summary>What the section is called in messages.</summary>
    public string Name => name;

    /// <summary>
    /// Reads lines from a place on until one that <paramref name="ends"/>, and gives the place behind it; −1 where the text ends before.
    /// </summary>
    public int Read(int from, Func<string, bool> ends)
    {
        while (from < text.Length)
        {
            int length = text.Span[from..].IndexOf((byte)'\n');
            int next = length < 0 ? text.Length : from + length + 1;
            ReadOnlyMemory<byte> line = text[from..(length < 0 ? text.Length : from + length)];
            if (line.Span.EndsWith("\r"u8)) line = line[..^1];
            int equals = line.Span.IndexOf((byte)'=');
            string key = Encoding.UTF8.GetString(equals < 0 ? line.Span : line.Span[..equals]);
            if (ends(key)) return next;
            if (key.Length > 0) _values[key] = equals < 0 ? default : line[(equals + 1)..];
            from = next;
        }
        return -1;
    }

    public bool Has(string key) => _values.ContainsKey(key);

    public string Text(string key)
    {
        try
        {
            return Utf8.GetString(Value(key));
        }
        catch (DecoderFallbackException)
        {
            throw errors.Malformed($"{name}: {key} is not valid UTF-8");
        }
    }

    public string[] Words(string key) => Text(key).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public int Integer(string key)
    {
        int[] values = Integers(key, 1);
        return values[0];
    }

    /// <summary>Whole numbers, as many as said; null takes any number.</summary>
    public int[] Integers(string key, int? count) => Numbers<int>(key, count, static word => int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null);

    public uint[] Words32(string key) => Numbers<uint>(key, null, static word => uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out uint value) ? value : null);

    public double[] Reals(string key, int? count) => Numbers<double>(key, count, Real);

    private static double? Real(ReadOnlySpan<byte> word)
    {
        if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)) return value;
        return word.SequenceEqual("inf"u8) ? double.PositiveInfinity : word.SequenceEqual("-inf"u8) ? double.NegativeInfinity : word.SequenceEqual("nan"u8) || word.SequenceEqual("-nan"u8) ? double.NaN : null;
    }

    private T[] Numbers<T>(string key, int? count, NumberParser<T> parse) where T : struct
    {
        ReadOnlySpan<byte> left = Value(key);
        // Two bytes a number at least: what is allocated is bounded by what is there.
        var values = new List<T>(Math.Min(count ?? int.MaxValue, left.Length / 2 + 1));
        while (!(left = left.TrimStart((byte)' ')).IsEmpty)
        {
            int length = left.IndexOf((byte)' ');
            ReadOnlySpan<byte> word = length < 0 ? left : left[..length];
            values.Add(parse(word) ?? throw errors.Malformed($"{name}: {key} holds what is no number"));
            left = left[word.Length..];
        }
        return count is null || values.Count == count ? [.. values] : throw errors.Malformed($"{name}: {key} has {values.Count} numbers where {count} belong");
    }

    private ReadOnlySpan<byte> Value(string key) => _values.TryGetValue(key, out var value) ? value.Span : throw errors.Malformed($"{name} has no {key}");

    private delegate T? NumberParser<T>(ReadOnlySpan<byte> word) where T : struct;
}
