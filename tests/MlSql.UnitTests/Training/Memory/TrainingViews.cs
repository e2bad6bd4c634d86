using System.Runtime.InteropServices;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.UnitTests.Training.Memory;

/// <summary>Column views over pinned arrays; the arrays stay pinned until it is disposed.</summary>
internal sealed unsafe class TrainingViews : IDisposable
{
    private readonly List<GCHandle> _handles = [];

    /// <summary>Values of one width; null rows are those of <paramref name="isNull"/>.</summary>
    public ColumnView Fixed<T>(DataType type, T[] values, Func<int, bool>? isNull = null) where T : unmanaged =>
        new(type, ColumnLayout.Fixed, values.Length, Pin(values), Mask(values.Length, isNull));

    /// <summary>DOUBLE; null is NULL.</summary>
    public ColumnView Doubles(double?[] values) => Fixed(new FloatType(64), Array.ConvertAll(values, v => v ?? 0), i => values[i] is null);

    /// <summary>VARCHAR; null is NULL.</summary>
    public ColumnView Texts(string?[] values)
    {
        byte[][] utf8 = Array.ConvertAll(values, v => v is null ? [] : Encoding.UTF8.GetBytes(v));
        int[] offsets = new int[values.Length + 1];
        for (int i = 0; i < values.Length; i++) offsets[i + 1] = offsets[i] + utf8[i].Length;
        byte[] bytes = [.. utf8.SelectMany(b => b), 0];
        return new(new StringType(), ColumnLayout.TextOffsets, values.Length, Pin(offsets), Mask(values.Length, i => values[i] is null), Pin(bytes));
    }

    /// <summary>DOUBLE[]; null is NULL.</summary>
    public ColumnView Lists(double?[]?[] values)
    {
        int[] offsets = new int[values.Length + 1];
        for (int i = 0; i < values.Length; i++) offsets[i + 1] = offsets[i] + (values[i]?.Length ?? 0);
        ColumnView elements = Doubles([.. values.SelectMany(v => v ?? [])]);
        return new(new ListType(new FloatType(64)), ColumnLayout.ListOffsets, values.Length, Pin(offsets), Mask(values.Length, i => values[i] is null), children: [elements]);
    }

    /// <summary>A struct of columns; null rows are those of <paramref name="isNull"/>.</summary>
    public ColumnView Struct(StructType type, int rows, Func<int, bool>? isNull, params ColumnView[] fields) =>
        new(type, ColumnLayout.Struct, rows, null, Mask(rows, isNull), children: fields);

    public void Dispose()
    {
        foreach (GCHandle handle in _handles) handle.Free();
    }

    private ulong* Mask(int rows, Func<int, bool>? isNull)
    {
        if (isNull is null || !Enumerable.Range(0, rows).Any(isNull)) return null;
        ulong[] mask = new ulong[rows / 64 + 1];
        for (int i = 0; i < rows; i++)
            if (!isNull(i)) mask[i >> 6] |= 1UL << (i & 63);
        return (ulong*)Pin(mask);
    }

    private void* Pin(Array array)
    {
        GCHandle handle = GCHandle.Alloc(array, GCHandleType.Pinned);
        _handles.Add(handle);
        return (void*)handle.AddrOfPinnedObject();
    }
}
