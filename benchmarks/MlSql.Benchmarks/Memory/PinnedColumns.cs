using System.Runtime.InteropServices;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.Benchmarks.Memory;

/// <summary>Columns over pinned arrays, laid out as DuckDB lays out its vectors; valid as long as this object is held.</summary>
internal sealed unsafe class PinnedColumns
{
    private readonly List<Array> _pinned = [];

    public ColumnView Fixed<T>(DataType type, ReadOnlySpan<T> values) where T : unmanaged =>
        new(type, ColumnLayout.Fixed, values.Length, Pin(values), null);

    public ColumnView Text(IReadOnlyList<string> values)
    {
        byte[] views = new byte[values.Count * 16];
        for (int i = 0; i < values.Count; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(values[i]);
            var view = views.AsSpan(i * 16, 16);
            MemoryMarshal.Write(view, bytes.Length);
            bytes.AsSpan(0, Math.Min(bytes.Length, bytes.Length <= 12 ? 12 : 4)).CopyTo(view[4..]);
            if (bytes.Length > 12) MemoryMarshal.Write(view[8..], (nint)Pin<byte>(bytes));
        }
        return new(new StringType(), ColumnLayout.TextViews, values.Count, Pin<byte>(views), null);
    }

    private void* Pin<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        var array = GC.AllocateUninitializedArray<T>(values.Length, pinned: true);
        values.CopyTo(array);
        _pinned.Add(array);
        return (void*)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
    }
}
