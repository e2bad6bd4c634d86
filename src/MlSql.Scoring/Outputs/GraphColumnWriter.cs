using MlSql.Columnar;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx;

namespace MlSql.Scoring.Outputs;

/// <summary>Writes what a graph computed into the engine's columns.</summary>
internal static class GraphColumnWriter
{
    /// <summary>Writes one output for all rows; rows that are NULL are marked afterwards by the caller.</summary>
    public static void Write<TOutput>(GraphColumn column, int rows, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        switch (column)
        {
            case ValueColumn c:
                int width = c.Values.Width, times = c.BatchWide ? rows : 1;
                Elements(c.Values, times, output.Type is ListType ? output.SetLists(Lengths(rows, width)) : output);
                break;
            case MapColumn c:
                int[] lengths = new int[rows];
                for (int row = 0; row < rows; row++) lengths[row] = c.Offsets[row + 1] - c.Offsets[row];
                var entries = output.SetLists(lengths);
                Elements(c.Keys, 1, entries.Field(0));
                Elements(c.Values, 1, entries.Field(1));
                break;
            case ListsColumn c:
                Lists(c, rows, output);
                break;
            default:
                throw new System.Diagnostics.UnreachableException(column.GetType().Name);
        }
    }

    /// <summary>Writes numbers as doubles.</summary>
    public static void WriteDoubles(GraphColumn column, int rows, Span<double> into)
    {
        var values = (ValueColumn)column;
        double[] doubles = Doubles(values.Values);
        for (int row = 0; row < rows; row++) into[row] = doubles[values.BatchWide ? 0 : row];
    }

    /// <summary>All elements as doubles.</summary>
    public static double[] Doubles(TensorValues values) => values.Element switch
    {
        TensorElement.Float => Convert<float>(values, v => v),
        TensorElement.Double => values.Values<double>().ToArray(),
        TensorElement.Int8 => Convert<sbyte>(values, v => v),
        TensorElement.Int16 => Convert<short>(values, v => v),
        TensorElement.Int32 => Convert<int>(values, v => v),
        TensorElement.Int64 => Convert<long>(values, v => v),
        TensorElement.UInt8 or TensorElement.Boolean => Convert<byte>(values, v => v),
        TensorElement.UInt16 => Convert<ushort>(values, v => v),
        TensorElement.UInt32 => Convert<uint>(values, v => v),
        TensorElement.UInt64 => Convert<ulong>(values, v => v),
        _ => throw new System.Diagnostics.UnreachableException(values.Element.ToString()),
    };

    private static double[] Convert<T>(TensorValues values, Func<T, double> convert) where T : unmanaged
    {
        var from = values.Values<T>();
        double[] into = new double[from.Length];
        for (int i = 0; i < into.Length; i++) into[i] = convert(from[i]);
        return into;
    }

    // List i of row r is row r of part i.
    private static void Lists<TOutput>(ListsColumn column, int rows, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        var parts = column.Parts;
        var inner = output.SetLists(Lengths(rows, parts.Length));
        int[] lengths = new int[rows * parts.Length];
        for (int i = 0; i < lengths.Length; i++) lengths[i] = parts[i % parts.Length].Width;
        var elements = inner.SetLists(lengths);
        int at = 0;
        for (int row = 0; row < rows; row++)
        {
            foreach (var part in parts)
            {
                ElementWriter.Place(part, row * part.Width, part.Width, elements, at);
                at += part.Width;
            }
        }
    }

    private static void Elements<TOutput>(TensorValues values, int times, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        int count = values.Rows * values.Width;
        for (int i = 0; i < times; i++) ElementWriter.Place(values, 0, count, output, i * count);
    }

    private static int[] Lengths(int rows, int length)
    {
        int[] lengths = new int[rows];
        Array.Fill(lengths, length);
        return lengths;
    }
}
