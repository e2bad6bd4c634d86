using System.Buffers;

namespace MlSql.Scoring.Outputs;

/// <summary>Writes numbers as lists: the same count for every row.</summary>
internal static class ScoreLists
{
    /// <summary>Opens a column of lists of <paramref name="count"/> elements and gives that of their elements.</summary>
    public static TOutput Open<TOutput>(TOutput output, int count) where TOutput : struct, IColumnOutput<TOutput>
    {
        int[] lengths = ArrayPool<int>.Shared.Rent(output.Rows);
        lengths.AsSpan(0, output.Rows).Fill(count);
        var elements = output.SetLists(lengths.AsSpan(0, output.Rows));
        ArrayPool<int>.Shared.Return(lengths);
        return elements;
    }

    /// <summary>Turns columns, one after the other, into rows, one after the other.</summary>
    public static void Transpose(ReadOnlySpan<double> columns, int count, Span<double> rows)
    {
        int length = rows.Length / count;
        for (int column = 0; column < count; column++)
        {
            var values = columns.Slice(column * length, length);
            for (int row = 0; row < values.Length; row++) rows[row * count + column] = values[row];
        }
    }
}
