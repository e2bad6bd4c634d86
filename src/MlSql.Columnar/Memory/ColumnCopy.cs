namespace MlSql.Columnar.Memory;

/// <summary>Copies borrowed columns into columns that own their memory.</summary>
public static class ColumnCopy
{
    /// <summary>A copy of all rows.</summary>
    public static Column Of(ColumnView view) => Of(view, new Rows(null, view.Length));

    private static Column Of(ColumnView view, Rows rows)
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
                return new StructColumn(type, [.. view.Children.Select(child => Of(child, rows))], rows.Count, validity);
            default:
                return CopyFixed(view, rows, validity);
        }
    }

    private static Column CopyFixed(ColumnView view, Rows rows, ulong[]? validity) => view.Type switch
    {
        NullType => new FixedColumn<byte>(view.Type, new byte[rows.Count], rows.Count, validity),
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

    private static FixedColumn<T> Copy<T>(ColumnView view, Rows rows, ulong[]? validity) where T : unmanaged
    {
        ReadOnlySpan<T> from = view.Values<T>();
        var values = new T[rows.Count];
        if (rows.All) from.CopyTo(values);
        else for (int i = 0; i < rows.Count; i++) values[i] = from[rows[i]];
        return new FixedColumn<T>(view.Type, values, rows.Count, validity);
    }

    private static TextColumn CopyText(ColumnView view, Rows rows, ulong[]? validity)
    {
        var offsets = new int[rows.Count + 1];
        for (int i = 0; i < rows.Count; i++)
            offsets[i + 1] = checked(offsets[i] + (view.IsValid(rows[i]) ? view.Text(rows[i]).Length : 0));
        var bytes = new byte[offsets[^1]];
        for (int i = 0; i < rows.Count; i++)
            if (offsets[i + 1] > offsets[i]) view.Text(rows[i]).CopyTo(bytes.AsSpan(offsets[i]));
        return new TextColumn(view.Type, offsets, bytes, rows.Count, validity);
    }

    // Lists may overlap, lie in any order or have gaps: only the elements that rows show are copied, in their order.
    private static ListColumn CopyList(ColumnView view, DataType type, Rows rows, ulong[]? validity)
    {
        var offsets = new int[rows.Count + 1];
        for (int i = 0; i < rows.Count; i++)
            offsets[i + 1] = checked(offsets[i] + (view.IsValid(rows[i]) ? view.List(rows[i]).Length : 0));
        return new ListColumn(type, offsets, Of(view.Children[0], Elements(view, rows, offsets)), rows.Count, validity);
    }

    private static Rows Elements(ColumnView view, Rows rows, int[] offsets)
    {
        if (view.Layout == ColumnLayout.ListOffsets && rows.All && offsets[^1] == view.Children[0].Length) return new Rows(null, offsets[^1]);
        var elements = new int[offsets[^1]];
        for (int i = 0; i < rows.Count; i++)
        {
            int length = offsets[i + 1] - offsets[i];
            int start = length == 0 ? 0 : view.List(rows[i]).Start;
            for (int k = 0; k < length; k++) elements[offsets[i] + k] = start + k;
        }
        return new Rows(elements, elements.Length);
    }

    private static ulong[]? CopyValidity(ColumnView view, Rows rows)
    {
        if (view.AllValid) return null;
        var validity = new ulong[(rows.Count + 63) / 64];
        if (rows.All)
        {
            view.Validity.CopyTo(validity);
            return validity;
        }
        for (int i = 0; i < rows.Count; i++)
            if (view.IsValid(rows[i])) validity[i >> 6] |= 1UL << (i & 63);
        return validity;
    }

    /// <summary>Which rows of a view are copied: all, or some in an order of their own.</summary>
    private readonly struct Rows(int[]? chosen, int count)
    {
        public bool All => chosen is null;

        public int Count => count;

        public int this[int place] => chosen is null ? place : chosen[place];
    }
}
