using MlSql.Columnar;

namespace MlSql.Cli.Output;

/// <summary>
/// RFC 4180 with a header line and lines that end in LF. NULL is an empty field, empty text is "". Numbers are exact, nested values are JSON text. An empty line stands between results.
/// </summary>
internal sealed class CsvWriter(Stream output) : IResultWriter
{
    private const int FlushAt = 32 * 1024;
    private readonly Utf8Buffer _line = new();
    private readonly Utf8Buffer _field = new();
    private CellWriter[] _cells = [];
    private bool[] _plain = [];
    private bool _first = true;

    public void Begin(Schema schema)
    {
        if (!_first) _line.Append((byte)'\n');
        _first = false;
        _cells = [.. schema.Fields.Select(f => CellWriters.For(f.Type, CellStyle.Exact))];
        _plain = [.. schema.Fields.Select(f => f.Type is BooleanType or IntegerType or FloatType or DecimalType or DateType or TimeType or TimestampType or UuidType)];
        for (int i = 0; i < schema.Fields.Length; i++)
        {
            if (i > 0) _line.Append((byte)',');
            AppendQuoted(System.Text.Encoding.UTF8.GetBytes(schema.Fields[i].Name));
        }
        _line.Append((byte)'\n');
        Flush();
    }

    public void Write(RecordBatch batch)
    {
        for (int row = 0; row < batch.Rows; row++)
        {
            for (int i = 0; i < _cells.Length; i++)
            {
                if (i > 0) _line.Append((byte)',');
                AppendCell(i, batch.Columns[i], row);
            }
            _line.Append((byte)'\n');
            if (_line.Length > FlushAt) Flush();
        }
        Flush();
    }

    public void End() => output.Flush();

    public void Break() => output.Flush();

    private void AppendCell(int index, Column column, int row)
    {
        if (column.IsNull(row) || column.Type is NullType) return;
        if (_plain[index])
        {
            _cells[index](_line, column, row);
            return;
        }
        _field.Clear();
        _cells[index](_field, column, row);
        AppendQuoted(_field.Written);
    }

    private void AppendQuoted(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text.IndexOfAny(",\"\r\n"u8) < 0 && text[0] != (byte)' ' && text[^1] != (byte)' ')
        {
            _line.Append(text);
            return;
        }
        _line.Append((byte)'"');
        for (int quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            _line.Append(text[..(quote + 1)]);
            _line.Append((byte)'"');
            text = text[(quote + 1)..];
        }
        _line.Append(text);
        _line.Append((byte)'"');
    }

    private void Flush()
    {
        output.Write(_line.Written);
        output.Flush();
        _line.Clear();
    }
}
