using System.Text;

namespace MlSql.Engines.Spark.Text;

/// <summary>Puts a text for Spark together from stretches of the statement and from words of ours.</summary>
internal sealed class SparkTextBuilder(string source)
{
    private readonly StringBuilder _text = new();
    private readonly List<TextPiece> _pieces = [];

    /// <summary>Takes a stretch of the statement over as it is.</summary>
    public SparkTextBuilder Copy(int start, int end)
    {
        if (end <= start) return this;
        if (_pieces is [.., { Copied: true } last] && last.OriginalStart + last.Length == start) _pieces[^1] = last with { Length = last.Length + end - start };
        else _pieces.Add(new TextPiece(_text.Length, end - start, start, Copied: true));
        _text.Append(source, start, end - start);
        return this;
    }

    /// <summary>Writes words of ours that stand for what is at <paramref name="original"/>.</summary>
    public SparkTextBuilder Write(string text, int original)
    {
        if (text.Length == 0) return this;
        _pieces.Add(new TextPiece(_text.Length, text.Length, original, Copied: false));
        _text.Append(text);
        return this;
    }

    public SparkText Build() => new(_text.ToString(), [.. _pieces]);

    /// <summary>A whole text of ours that stands for one place of the statement.</summary>
    public static SparkText Of(string text, int original) => new(text, [new TextPiece(0, text.Length, original, Copied: false)]);
}
