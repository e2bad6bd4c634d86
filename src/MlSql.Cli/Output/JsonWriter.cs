using MlSql.Columnar;

namespace MlSql.Cli.Output;

/// <summary>One JSON array of objects a result, an object a line; arrays follow each other. A name that repeats gets a number behind it, so that no value is lost.</summary>
internal sealed class JsonWriter(Stream output) : IResultWriter
{
    private const int FlushAt = 32 * 1024;
    private readonly Utf8Buffer _text = new();
    private CellWriter[] _cells = [];
    private byte[][] _names = [];
    private bool _firstRow;

    public void Begin(Schema schema)
    {
        _cells = [.. schema.Fields.Select(f => CellWriters.For(f.Type, CellStyle.Json))];
        _names = [.. Unique(schema).Select(JsonText.Quote)];
        _firstRow = true;
        _text.Append((byte)'[');
    }

    public void Write(RecordBatch batch)
    {
        for (int row = 0; row < batch.Rows; row++)
        {
            _text.Append(_firstRow ? "\n{"u8 : ",\n{"u8);
            _firstRow = false;
            for (int i = 0; i < _cells.Length; i++)
            {
                if (i > 0) _text.Append((byte)',');
                _text.Append(_names[i]);
                _text.Append((byte)':');
                if (batch.Columns[i].IsNull(row)) _text.Append("null"u8);
                else _cells[i](_text, batch.Columns[i], row);
            }
            _text.Append((byte)'}');
            if (_text.Length > FlushAt) Flush();
        }
        Flush();
    }

    public void End()
    {
        _text.Append(_firstRow ? "]\n"u8 : "\n]\n"u8);
        Flush();
    }

    // Left open, so that nobody takes the part for the whole.
    public void Break()
    {
        _text.Append((byte)'\n');
        Flush();
    }

    private static List<string> Unique(Schema schema)
    {
        HashSet<string> taken = [.. schema.Fields.Select(f => f.Name)];
        HashSet<string> seen = [];
        List<string> names = [];
        foreach (Field field in schema.Fields)
        {
            string name = field.Name;
            for (int i = 1; !seen.Add(name); i++)
            {
                string candidate = $"{field.Name}_{i}";
                if (!taken.Contains(candidate)) name = candidate;
            }
            names.Add(name);
        }
        return names;
    }

    private void Flush()
    {
        output.Write(_text.Written);
        output.Flush();
        _text.Clear();
    }
}
