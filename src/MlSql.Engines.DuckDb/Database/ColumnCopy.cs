using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>Copies borrowed columns into columns that own their memory.</summary>
internal static class ColumnCopy
{
    /// <summary>A copy of all rows.</summary>
    public static Column Of(ColumnView view) => Of(view, Everything(view.Length));

    private static Column Of(ColumnView view, int[] rows)
    {
        ulong[]? validity = CopyValidity(view, rows);
        switch (view.Type)
        {
            case StringType or BinaryType or OpaqueType:
                return CopyText(view, rows, validity);
            case ListType list:
                return CopyList(view, list, rows, validity);
            case MapType map:
                return CopyList(view, map, rows, validity);
            case ArrayType array:
                return CopyList(view, array, rows, validity);
            case StructType type:
                return new StructColumn(type, [.. view.Children.Select(child => Of(child, rows))], rows.Length, validity);
            default:
                return CopyFixed(view, rows, validity);
        }
    }

    private static Column CopyFixed(ColumnView view, int[] rows, ulong[]? validity) => view.Type switch
    {
        NullType => new FixedColumn<byte>(view.Type, new byte[rows.Length], rows.Length, validity),
        BooleanType => Copy<byte>(view, rows, validity),
        IntegerType { Bits: 8, Signed: true } => Copy<sbyte>(view, rows, validity),
        IntegerType { Bits: 8 } => Copy<byte>(view, rows, validity),
        IntegerType { Bits: 16, Signed: true } => Copy<short>(view, rows, validity),
        IntegerType { Bits: 16 } => Copy<ushort>(view, rows, validity),
        IntegerType { Bits: 32, Signed: true } => Copy<int>(view, rows, validity),
        IntegerType { Bits: 32 } => Copy<uint>(view, rows, validity),
        IntegerType { Bits: 64, Signed: true } => Copy<long>(view, rows, validity),
        IntegerType { Bits: 64 } => Copy<ulong>(view, rows, validity),
        IntegerType { Signed: true } => Copy<Int128>(view, rows, validity),
        IntegerType => Copy<UInt128>(view, rows, validity),
        FloatType { Bits: 32 } => Copy<float>(view, rows, validity),
        FloatType => Copy<double>(view, rows, validity),
        DecimalType { Precision: <= 4 } => Copy<short>(view, rows, validity),
        DecimalType { Precision: <= 9 } => Copy<int>(view, rows, validity),
        DecimalType { Precision: <= 18 } => Copy<long>(view, rows, validity),
        DecimalType => Copy<Int128>(view, rows, validity),
        DateType => Copy<int>(view, rows, validity),
        TimeType or TimestampType => Copy<long>(view, rows, validity),
        OffsetTimeType => Copy<ulong>(view, rows, validity),
        IntervalType => Copy<Interval>(view, rows, validity),
        UuidType => Copy<Int128>(view, rows, validity),
        EnumType { IndexWidth: 1 } => Copy<byte>(view, rows, validity),
        EnumType { IndexWidth: 2 } => Copy<ushort>(view, rows, validity),
        EnumType => Copy<uint>(view, rows, validity),
        _ => throw new System.Diagnostics.UnreachableException(view.Type.GetType().Name),
    };

    private static FixedColumn<T> Copy<T>(ColumnView view, int[] rows, ulong[]? validity) where T : unmanaged
    {
        ReadOnlySpan<T> from = view.Values<T>();
        var values = new T[rows.Length];
        for (int i = 0; i < rows.Length; i++) values[i] = from[rows[i]];
        return new FixedColumn<T>(view.Type, values, rows.Length, validity);
    }

    private static TextColumn CopyText(ColumnView view, int[] rows, ulong[]? validity)
    {
        var offsets = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++)
            offsets[i + 1] = checked(offsets[i] + (view.IsValid(rows[i]) ? view.Text(rows[i]).Length : 0));
        var bytes = new byte[offsets[^1]];
        for (int i = 0; i < rows.Length; i++)
            if (offsets[i + 1] > offsets[i]) view.Text(rows[i]).CopyTo(bytes.AsSpan(offsets[i]));
        return new TextColumn(view.Type, offsets, bytes, rows.Length, validity);
    }

    // The engine's lists may overlap, lie in any order or have gaps: only the elements that rows show are copied, in their order.
    private static ListColumn CopyList(ColumnView view, DataType type, int[] rows, ulong[]? validity)
    {
        var offsets = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++)
            offsets[i + 1] = checked(offsets[i] + (view.IsValid(rows[i]) ? view.List(rows[i]).Length : 0));
        var elements = new int[offsets[^1]];
        for (int i = 0; i < rows.Length; i++)
        {
            int length = offsets[i + 1] - offsets[i];
            int start = length == 0 ? 0 : view.List(rows[i]).Start;
            for (int k = 0; k < length; k++) elements[offsets[i] + k] = start + k;
        }
        return new ListColumn(type, offsets, Of(view.Children[0], elements), rows.Length, validity);
    }

    private static ulong[]? CopyValidity(ColumnView view, int[] rows)
    {
        if (view.AllValid) return null;
        var validity = new ulong[(rows.Length + 63) / 64];
        bool anyNull = false;
        for (int i = 0; i < rows.Length; i++)
        {
            if (view.IsValid(rows[i])) validity[i >> 6] |= 1UL << (i & 63);
            else anyNull = true;
        }
        return anyNull ? validity : null;
    }

    private static int[] Everything(int length)
    {
        var rows = new int[length];
        for (int i = 0; i < length; i++) rows[i] = i;
        return rows;
    }
}
