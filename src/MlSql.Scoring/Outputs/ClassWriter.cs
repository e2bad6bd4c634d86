using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Models;

namespace MlSql.Scoring.Outputs;

/// <summary>Writes classes in the SQL type of the label.</summary>
internal sealed class ClassWriter(ClassLabels classes)
{
    private readonly byte[][] _texts = [.. classes.Values.Select(Encoding.UTF8.GetBytes)];

    // The classes of the type that was asked for last: nearly always the same.
    private volatile Known? _known;

    /// <summary>Writes the class of each row by its index; −1 is NULL.</summary>
    public void Write<TOutput>(ReadOnlySpan<int> rows, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        switch (output.Type)
        {
            case StringType:
                for (int i = 0; i < rows.Length; i++)
                    if (rows[i] >= 0) output.SetText(i, _texts[rows[i]]);
                break;
            case BooleanType:
                Fill(rows, Values(output.Type, v => (byte)(v is "true" or "1" ? 1 : 0)), output.Values<byte>());
                break;
            case IntegerType { Bits: 8 }:
                Fill(rows, Values(output.Type, v => unchecked((byte)Whole(v))), output.Values<byte>());
                break;
            case IntegerType { Bits: 16 }:
                Fill(rows, Values(output.Type, v => unchecked((ushort)Whole(v))), output.Values<ushort>());
                break;
            case IntegerType { Bits: 32 }:
                Fill(rows, Values(output.Type, v => unchecked((uint)Whole(v))), output.Values<uint>());
                break;
            case IntegerType:
                Fill(rows, Values(output.Type, v => unchecked((ulong)Whole(v))), output.Values<ulong>());
                break;
            case DecimalType { Scale: 0, Precision: > 18 }:
                Fill(rows, Values(output.Type, Whole), output.Values<Int128>());
                break;
            case FloatType { Bits: 32 }:
                Fill(rows, Values(output.Type, v => float.Parse(v, CultureInfo.InvariantCulture)), output.Values<float>());
                break;
            case FloatType:
                Fill(rows, Values(output.Type, v => double.Parse(v, CultureInfo.InvariantCulture)), output.Values<double>());
                break;
            default:
                throw new System.Diagnostics.UnreachableException(output.Type.ToString());
        }
        for (int i = 0; i < rows.Length; i++)
            if (rows[i] < 0) output.SetNull(i);
    }

    /// <summary>Writes all classes in order, again and again: the labels beside the probabilities.</summary>
    public void WriteAlternating<TOutput>(TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        int[] order = new int[output.Rows];
        for (int i = 0; i < order.Length; i++) order[i] = i % _texts.Length;
        Write(order, output);
    }

    private static Int128 Whole(string value) => Int128.Parse(value, CultureInfo.InvariantCulture);

    private T[] Values<T>(DataType type, Func<string, T> read)
    {
        if (_known is { Values: T[] known } last && ReferenceEquals(last.Type, type)) return known;
        T[] values = [.. classes.Values.Select(read)];
        _known = new(type, values);
        return values;
    }

    private static void Fill<T>(ReadOnlySpan<int> rows, T[] values, Span<T> output)
    {
        for (int i = 0; i < rows.Length; i++)
            if (rows[i] >= 0) output[i] = values[rows[i]];
    }

    private sealed record Known(DataType Type, Array Values);
}
