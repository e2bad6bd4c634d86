namespace MlSql.Language;

/// <summary>A place as people count: line and column from 1.</summary>
public readonly record struct LinePosition(int Line, int Column)
{
    /// <summary>The line and column of a position in a text; lines end with LF, CRLF or CR.</summary>
    public static LinePosition Of(string text, int position)
    {
        int line = 1;
        int start = 0;
        int end = Math.Min(position, text.Length);
        for (int i = 0; i < end; i++)
        {
            bool breaks = text[i] == '\n' || (text[i] == '\r' && (i + 1 >= text.Length || text[i + 1] != '\n'));
            if (!breaks) continue;
            line++;
            start = i + 1;
        }
        return new LinePosition(line, end - start + 1);
    }

    /// <summary>"line 3, column 7".</summary>
    public override string ToString() => FormattableString.Invariant($"line {Line}, column {Column}");
}
