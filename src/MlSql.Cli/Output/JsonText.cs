namespace MlSql.Cli.Output;

/// <summary>JSON strings.</summary>
internal static class JsonText
{
    /// <summary>Quotes what another writer writes.</summary>
    public static CellWriter Quoted(CellWriter write)
    {
        Utf8Buffer text = new();
        return (into, column, row) =>
        {
            text.Clear();
            write(text, column, row);
            Append(into, text.Written);
        };
    }

    public static byte[] Quote(string text)
    {
        Utf8Buffer into = new();
        Append(into, System.Text.Encoding.UTF8.GetBytes(text));
        return into.Written.ToArray();
    }

    public static void Append(Utf8Buffer into, ReadOnlySpan<byte> utf8)
    {
        into.Append((byte)'"');
        foreach (byte value in utf8)
        {
            switch (value)
            {
                case (byte)'"': into.Append("\\\""u8); break;
                case (byte)'\\': into.Append("\\\\"u8); break;
                case (byte)'\n': into.Append("\\n"u8); break;
                case (byte)'\r': into.Append("\\r"u8); break;
                case (byte)'\t': into.Append("\\t"u8); break;
                case < 0x20 or 0x7F:
                    into.Append("\\u00"u8);
                    into.AppendNumber(value, "x2");
                    break;
                default: into.Append(value); break;
            }
        }
        into.Append((byte)'"');
    }
}
