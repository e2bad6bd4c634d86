using System.Globalization;
using System.Text;
using MlSql.Cli.Terminal;
using MlSql.Columnar;

namespace MlSql.Cli.Output;

/// <summary>
/// A table for eyes: at most 40 rows (the first and the last 20), as wide as the terminal, with a last line that says what was left out. Keeps no more than those rows.
/// </summary>
internal sealed class BoxWriter(Stream output, BoxLook look) : IResultWriter
{
    private const int Head = 20;
    private const int Tail = 20;
    private const int LongestCell = 400;
    private readonly Utf8Buffer _cell = new();
    private readonly List<string?[]> _head = [];
    private readonly Queue<string?[]> _tail = new();
    private Schema _schema = new([]);
    private CellWriter[] _cells = [];
    private long _rows;

    public void Begin(Schema schema)
    {
        _schema = schema;
        _cells = [.. schema.Fields.Select(f => CellWriters.For(f.Type, CellStyle.Readable))];
        _head.Clear();
        _tail.Clear();
        _rows = 0;
    }

    public void Write(RecordBatch batch)
    {
        int row = 0;
        while (row < batch.Rows && _head.Count < Head) _head.Add(Read(batch, row++));
        // Of a batch only its last rows can be among the last of all.
        for (row = Math.Max(row, batch.Rows - Tail); row < batch.Rows; row++)
        {
            if (_tail.Count == Tail) _tail.Dequeue();
            _tail.Enqueue(Read(batch, row));
        }
        _rows += batch.Rows;
    }

    public void End() => Print();

    // What came before the failure was not the whole result: showing it as a table would say so.
    public void Break() => _rows = 0;

    private string?[] Read(RecordBatch batch, int row)
    {
        var texts = new string?[_cells.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            Column column = batch.Columns[i];
            if (column.IsNull(row) || column.Type is NullType) continue;
            _cell.Clear();
            _cells[i](_cell, column, row);
            // Longer than any terminal is wide, and never cut inside a character.
            ReadOnlySpan<byte> bytes = _cell.Written;
            if (bytes.Length > LongestCell * 4) bytes = bytes[..(LongestCell * 4)];
            texts[i] = TerminalText.EscapeLine(Encoding.UTF8.GetString(bytes));
        }
        return texts;
    }

    private void Print()
    {
        string[] names = [.. _schema.Fields.Select(f => TerminalText.EscapeLine(f.Name))];
        bool[] right = [.. _schema.Fields.Select(f => f.Type is IntegerType or FloatType or DecimalType)];
        int[] natural = [.. names.Select(DisplayWidth.Of)];
        foreach (string?[] row in _head.Concat(_tail))
            for (int i = 0; i < natural.Length; i++) natural[i] = Math.Max(natural[i], DisplayWidth.Of(row[i] ?? "NULL"));
        BoxLayout layout = BoxLayout.Fit(natural, [.. right.Select(r => !r)], look.Width);
        bool gap = _rows > _head.Count + _tail.Count;

        StringBuilder text = new();
        AppendBorder(text, layout, look.Top);
        AppendRow(text, layout, i => look.Bold(Pad(names[i], layout, i, right[i])), look.Mark);
        AppendBorder(text, layout, look.Rule);
        foreach (string?[] row in _head) AppendCells(text, layout, row, right);
        if (gap) AppendRow(text, layout, i => look.Dim(Pad(look.Dots, layout, i, right[i])), look.Dots);
        foreach (string?[] row in _tail) AppendCells(text, layout, row, right);
        AppendBorder(text, layout, look.Bottom);
        AppendFooter(text, layout, gap);
        output.Write(Encoding.UTF8.GetBytes(text.ToString()));
        output.Flush();
    }

    private void AppendCells(StringBuilder text, BoxLayout layout, string?[] row, bool[] right) =>
        AppendRow(text, layout, i => row[i] is { } value ? Pad(value, layout, i, right[i]) : look.Dim(Pad("NULL", layout, i, right[i])), look.Mark);

    private void AppendRow(StringBuilder text, BoxLayout layout, Func<int, string> cell, string elided)
    {
        for (int i = 0; i < layout.Shown.Length; i++)
        {
            if (i == layout.ElidedAfter) text.Append(look.Vertical).Append(' ').Append(elided.PadRight(3)).Append(' ');
            text.Append(look.Vertical).Append(' ').Append(cell(layout.Shown[i])).Append(' ');
        }
        if (layout.ElidedAfter == layout.Shown.Length) text.Append(look.Vertical).Append(' ').Append(elided.PadRight(3)).Append(' ');
        text.Append(look.Vertical).Append('\n');
    }

    private void AppendBorder(StringBuilder text, BoxLayout layout, (string Left, string Middle, string Right) ends)
    {
        List<int> widths = [.. layout.Widths];
        if (layout.ElidedAfter >= 0) widths.Insert(layout.ElidedAfter, 3);
        text.Append(ends.Left).AppendJoin(ends.Middle, widths.Select(w => string.Concat(Enumerable.Repeat(look.Horizontal, w + 2)))).Append(ends.Right).Append('\n');
    }

    private void AppendFooter(StringBuilder text, BoxLayout layout, bool gap)
    {
        text.Append('(').Append(_rows.ToString("N0", CultureInfo.InvariantCulture)).Append(_rows == 1 ? " row" : " rows");
        if (gap) text.Append(CultureInfo.InvariantCulture, $", {_head.Count + _tail.Count} shown");
        if (layout.ElidedAfter >= 0) text.Append(CultureInfo.InvariantCulture, $"; {_schema.Fields.Length} columns, {layout.Shown.Length} shown");
        text.Append(")\n");
    }

    private string Pad(string value, BoxLayout layout, int column, bool right)
    {
        int width = layout.Widths[Array.IndexOf(layout.Shown, column)];
        string fitted = DisplayWidth.Fit(value, width, look.Mark);
        string blank = new(' ', Math.Max(0, width - DisplayWidth.Of(fitted)));
        return right ? blank + fitted : fitted + blank;
    }
}
