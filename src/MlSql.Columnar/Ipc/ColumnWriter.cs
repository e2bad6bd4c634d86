using MlSql.Columnar.Memory;

namespace MlSql.Columnar.Ipc;

/// <summary>Writes columns that own their memory into the columns of an outgoing batch.</summary>
internal static class ColumnWriter
{
    /// <summary>Writes all rows.</summary>
    public static void Write(Column column, ArrowOutput output)
    {
        if (column.Length != output.Rows || !column.Type.Equals(output.Type)) throw new ArgumentException($"A column of {column.Length} rows of {column.Type} was given for {output.Rows} rows of {output.Type}");
        Write(column, new Rows(null, 0, column.Length), output);
    }

    private static void Write(Column column, Rows rows, ArrowOutput output)
    {
        WriteNulls(column, rows, output);
        switch (column)
        {
            case TextColumn texts:
                for (int i = 0; i < rows.Count; i++)
                    if (rows[i] is var row and >= 0 && !texts.IsNull(row)) output.SetText(i, texts.Utf8(row));
                break;
            case ListColumn { Type: ArrayType array } arrays:
                WriteArrays(arrays, array.Length, rows, output);
                break;
            case ListColumn lists:
                WriteLists(lists, rows, output);
                break;
            case StructColumn structs:
                for (int i = 0; i < structs.Fields.Count; i++) Write(structs.Fields[i], rows, output.Field(i));
                break;
            case { Type: NullType }:
                break;
            case FixedColumn<byte> values: Copy(values, rows, output); break;
            case FixedColumn<sbyte> values: Copy(values, rows, output); break;
            case FixedColumn<short> values: Copy(values, rows, output); break;
            case FixedColumn<ushort> values: Copy(values, rows, output); break;
            case FixedColumn<int> values: Copy(values, rows, output); break;
            case FixedColumn<uint> values: Copy(values, rows, output); break;
            case FixedColumn<long> values: Copy(values, rows, output); break;
            case FixedColumn<ulong> values: Copy(values, rows, output); break;
            case FixedColumn<float> values: Copy(values, rows, output); break;
            case FixedColumn<double> values: Copy(values, rows, output); break;
            case FixedColumn<Int128> values: Copy(values, rows, output); break;
            case FixedColumn<Interval> values: Copy(values, rows, output); break;
            default: throw new System.Diagnostics.UnreachableException(column.Type.ToString());
        }
    }

    private static void WriteNulls(Column column, Rows rows, ArrowOutput output)
    {
        if (rows.IsRun && column.Validity.IsEmpty) return;
        for (int i = 0; i < rows.Count; i++)
            if (rows[i] is var row && (row < 0 || column.IsNull(row))) output.SetNull(i);
    }

    private static void Copy<T>(FixedColumn<T> column, Rows rows, ArrowOutput output) where T : unmanaged
    {
        var into = output.Values<T>();
        if (rows.IsRun)
        {
            column.Values.Slice(rows.Start, rows.Count).CopyTo(into);
            return;
        }
        for (int i = 0; i < into.Length; i++)
            if (rows[i] >= 0) into[i] = column.Values[rows[i]];
    }

    private static void WriteLists(ListColumn lists, Rows rows, ArrowOutput output)
    {
        int[] lengths = new int[rows.Count];
        List<int>? chosen = null;
        int first = 0, next = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            if (rows[i] is var row && (row < 0 || lists.IsNull(row))) continue;
            var (start, length) = lists.Range(row);
            if (length == 0) continue;
            if (next == 0) first = next = start;
            // Elements mostly follow each other; where some are left out, all are listed.
            if (start != next && chosen is null) chosen = [.. Enumerable.Range(first, next - first)];
            chosen?.AddRange(Enumerable.Range(start, length));
            next = start + length;
            lengths[i] = length;
        }
        Write(lists.Elements, chosen is null ? new Rows(null, first, next - first) : new Rows([.. chosen], 0, chosen.Count), output.SetLists(lengths));
    }

    // Arrow has the elements of NULL arrays too.
    private static void WriteArrays(ListColumn arrays, int width, Rows rows, ArrowOutput output)
    {
        int[] chosen = new int[rows.Count * width];
        for (int i = 0; i < rows.Count; i++)
        {
            bool present = rows[i] is var row and >= 0 && !arrays.IsNull(row);
            int start = present ? arrays.Range(rows[i]).Start : -1;
            for (int k = 0; k < width; k++) chosen[i * width + k] = present ? start + k : -1;
        }
        Write(arrays.Elements, new Rows(chosen, 0, chosen.Length), output.Elements());
    }

    /// <summary>Which rows of a column are written: a run, or some in an order of their own, −1 for one that is not there.</summary>
    private readonly struct Rows(int[]? chosen, int start, int count)
    {
        public bool IsRun => chosen is null;

        public int Start => start;

        public int Count => count;

        public int this[int place] => chosen is null ? start + place : chosen[place];
    }
}
