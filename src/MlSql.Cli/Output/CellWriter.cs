using MlSql.Columnar;

namespace MlSql.Cli.Output;

/// <summary>Writes the value of one row; the row is not NULL.</summary>
internal delegate void CellWriter(Utf8Buffer into, Column column, int row);

/// <summary>Whom a value is written for.</summary>
internal enum CellStyle
{
    /// <summary>Eyes: numbers rounded, nested values as the engine prints them.</summary>
    Readable,

    /// <summary>Programs: numbers exact, nested values as JSON; unquoted.</summary>
    Exact,

    /// <summary>A JSON value.</summary>
    Json,
}

/// <summary>Chooses how the values of a type are written, once a column.</summary>
internal static class CellWriters
{
    public static CellWriter For(DataType type, CellStyle style) => type switch
    {
        ListType l => Lists(l.Element, style),
        ArrayType a => Lists(a.Element, style),
        StructType s => Structs(s, style),
        MapType m => Maps(m, style),
        _ when style == CellStyle.Json => JsonScalars.For(type),
        _ => Scalars.For(type, style),
    };

    private static CellWriter Lists(DataType element, CellStyle style)
    {
        CellWriter write = Nested(element, style);
        bool json = style != CellStyle.Readable;
        return (into, column, row) =>
        {
            var list = (ListColumn)column;
            (int start, int length) = list.Range(row);
            into.Append((byte)'[');
            for (int i = start; i < start + length; i++)
            {
                if (i > start) into.Append(json ? ","u8 : ", "u8);
                write(into, list.Elements, i);
            }
            into.Append((byte)']');
        };
    }

    private static CellWriter Structs(StructType type, CellStyle style)
    {
        bool json = style != CellStyle.Readable;
        CellWriter[] fields = [.. type.Fields.Select(f => Nested(f.Type, style))];
        byte[][] names = [.. type.Fields.Select(f => json ? JsonText.Quote(f.Name) : System.Text.Encoding.UTF8.GetBytes($"'{f.Name}'"))];
        return (into, column, row) =>
        {
            var values = (StructColumn)column;
            into.Append((byte)'{');
            for (int i = 0; i < fields.Length; i++)
            {
                if (i > 0) into.Append(json ? ","u8 : ", "u8);
                into.Append(names[i]);
                into.Append(json ? ":"u8 : ": "u8);
                fields[i](into, values.Fields[i], row);
            }
            into.Append((byte)'}');
        };
    }

    // JSON has text keys only, so a key of another type becomes its exact text.
    private static CellWriter Maps(MapType type, CellStyle style)
    {
        bool json = style != CellStyle.Readable;
        CellWriter key = json ? JsonText.Quoted(For(type.Key, CellStyle.Exact)) : Nested(type.Key, style);
        CellWriter value = Nested(type.Value, style);
        return (into, column, row) =>
        {
            var map = (ListColumn)column;
            var pairs = (StructColumn)map.Elements;
            (int start, int length) = map.Range(row);
            into.Append((byte)'{');
            for (int i = start; i < start + length; i++)
            {
                if (i > start) into.Append(json ? ","u8 : ", "u8);
                key(into, pairs.Fields[0], i);
                into.Append(json ? ":"u8 : "="u8);
                value(into, pairs.Fields[1], i);
            }
            into.Append((byte)'}');
        };
    }

    private static CellWriter Nested(DataType type, CellStyle style)
    {
        CellWriter write = For(type, style == CellStyle.Readable ? CellStyle.Readable : CellStyle.Json);
        byte[] missing = style == CellStyle.Readable ? [.. "NULL"u8] : [.. "null"u8];
        return (into, column, row) =>
        {
            if (column.IsNull(row)) into.Append(missing);
            else write(into, column, row);
        };
    }
}
