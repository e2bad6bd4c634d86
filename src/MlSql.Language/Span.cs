namespace MlSql.Language;

/// <summary>A stretch of the script's text, in UTF-16 code units.</summary>
public readonly record struct Span(int Start, int Length)
{
    /// <summary>First position after the stretch.</summary>
    public int End => Start + Length;

    /// <summary>The stretch from the start of one to the end of another.</summary>
    public static Span Between(Span first, Span last) => new(first.Start, last.End - first.Start);

    /// <summary>The text of the stretch.</summary>
    public string Of(string text) => text.Substring(Start, Length);
}
