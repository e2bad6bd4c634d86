using System.Text;

namespace MlSql.Language.Printing;

/// <summary>One line of a script as a terminal shows it, and where each of its characters lands.</summary>
internal sealed class SourceLine
{
    private const int TabStop = 4;
    private const string Cut = "...";

    private readonly List<(string Text, int Column, int Width)> _cells = [];
    private readonly int[] _columnOf;

    /// <summary>The line of <paramref name="source"/> that holds <paramref name="position"/>.</summary>
    public SourceLine(string source, int position)
    {
        Start = position;
        while (Start > 0 && source[Start - 1] is not ('\n' or '\r')) Start--;
        // A position between CR and LF belongs to the line that they end.
        if (position < source.Length && source[position] == '\n' && position > 0 && source[position - 1] == '\r' && Start == position)
        {
            Start = position - 1;
            while (Start > 0 && source[Start - 1] is not ('\n' or '\r')) Start--;
        }
        End = Start;
        while (End < source.Length && source[End] is not ('\n' or '\r')) End++;

        _columnOf = new int[End - Start + 1];
        int column = 0;
        for (int i = Start; i < End;)
        {
            int length = VisibleText.Unit(source, i, out string? spelled);
            string text = source[i] == '\t' ? new string(' ', TabStop - column % TabStop) : spelled ?? source.Substring(i, length);
            int width = source[i] == '\t' || spelled is not null ? text.Length : VisibleText.Width(source, i);
            _cells.Add((text, column, width));
            for (int k = 0; k < length; k++) _columnOf[i - Start + k] = column;
            column += width;
            i += length;
        }
        _columnOf[^1] = column;
    }

    public int Start { get; }

    public int End { get; }

    /// <summary>The line and, below it, carets under the span; a long line is cut around them to at most <paramref name="columns"/> columns.</summary>
    public (string Text, string Carets) Show(Span span, int columns)
    {
        int from = _columnOf[Math.Clamp(span.Start - Start, 0, End - Start)];
        int to = Math.Max(_columnOf[Math.Clamp(span.End - Start, 0, End - Start)], from + 1);
        int width = _columnOf[^1];
        if (width <= columns && to <= columns) return (Slice(0, width), new string(' ', from) + new string('^', to - from));

        int room = columns - 2 * Cut.Length;
        int left = Math.Clamp(from - room / 3, 0, Math.Max(0, width - room));
        // Only whole characters: a wide one at the edge moves the window.
        foreach ((_, int column, int cell) in _cells)
            if (column < left && column + cell > left) left = column + cell;
        int right = Math.Min(width, left + room);
        string before = left > 0 ? Cut : "";
        string after = right < width ? Cut : "";
        int caretEnd = Math.Min(to, Math.Max(right, from + 1));
        return (before + Slice(left, right) + after, new string(' ', before.Length + from - left) + new string('^', caretEnd - from));
    }

    private string Slice(int left, int right)
    {
        var text = new StringBuilder();
        foreach ((string cell, int column, int width) in _cells)
            if (column >= left && column + width <= right) text.Append(cell);
        return text.ToString();
    }
}
