using System.Runtime.InteropServices;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.UnitTests.Scoring.Memory;

/// <summary>How texts and lists are laid out in the views that a test makes.</summary>
internal enum ViewStyle
{
    /// <summary>As DuckDB does: text views, list views.</summary>
    Views,

    /// <summary>As Arrow does: offsets.</summary>
    Offsets,
}

/// <summary>
/// Makes column views over pinned arrays, valid until disposed. Values: bool; Int128 for integers and unscaled decimals; UInt128 for UHUGEINT; float; double; string; int days; long times;
/// object?[] for lists, arrays and structs; null. Slots of NULL rows hold bytes that must not be read.
/// </summary>
internal sealed unsafe class ScoringViews(ViewStyle style) : IDisposable
{
    private readonly List<Array> _pinned = [];

    public ColumnView Make(DataType type, IReadOnlyList<object?> values, bool alwaysMask = false)
    {
        ulong* validity = alwaysMask || values.Contains(null) ? Mask(values) : null;
        int rows = values.Count;
        switch (type)
        {
            case NullType: return new(type, ColumnLayout.Fixed, rows, null, null);
            case StringType when style == ViewStyle.Views: return new(type, ColumnLayout.TextViews, rows, TextViews(values), validity);
            case StringType: return TextOffsets(type, values, validity);
            case ListType l when style == ViewStyle.Views: return ListViews(l, values, validity);
            case ListType l: return ListOffsets(l, values, validity);
            case ArrayType a:
                var slots = values.SelectMany(v => (object?[]?)v ?? new object?[a.Length]).ToArray();
                return new(type, ColumnLayout.FixedList, rows, null, validity, children: [Make(a.Element, slots)]);
            case StructType s:
                var fields = s.Fields.Select((f, i) => Make(f.Type, [.. values.Select(v => v is object?[] parts ? parts[i] : Filler(f.Type))])).ToArray();
                return new(type, ColumnLayout.Struct, rows, null, validity, children: fields);
            default: return new(type, ColumnLayout.Fixed, rows, Fixed(type, values), validity);
        }
    }

    public void Dispose() => _pinned.Clear();

    // The child of a NULL struct may hold anything, also a value.
    private static object? Filler(DataType type) => type switch
    {
        FloatType { Bits: 32 } => 1e9f,
        FloatType => 1e9,
        DateType => 12_345,
        BooleanType => true,
        _ => null,
    };

    private void* Fixed(DataType type, IReadOnlyList<object?> values) => type switch
    {
        BooleanType => Pin(values, v => (bool)v ? (byte)1 : (byte)0),
        FloatType { Bits: 32 } => Pin(values, v => (float)v),
        FloatType => Pin(values, v => (double)v),
        DateType => Pin(values, v => (int)v),
        TimestampType => Pin(values, v => (long)v),
        EnumType { IndexWidth: 1 } e => Pin(values, v => (byte)e.Values.IndexOf((string)v)),
        EnumType { IndexWidth: 2 } e => Pin(values, v => (ushort)e.Values.IndexOf((string)v)),
        EnumType e => Pin(values, v => (uint)e.Values.IndexOf((string)v)),
        DecimalType { Precision: <= 4 } or IntegerType { Bits: 16, Signed: true } => Pin(values, v => (short)(Int128)v),
        DecimalType { Precision: <= 9 } or IntegerType { Bits: 32, Signed: true } => Pin(values, v => (int)(Int128)v),
        DecimalType { Precision: <= 18 } or IntegerType { Bits: 64, Signed: true } => Pin(values, v => (long)(Int128)v),
        DecimalType or IntegerType { Bits: 128, Signed: true } => Pin(values, v => (Int128)v),
        IntegerType { Bits: 8, Signed: true } => Pin(values, v => (sbyte)(Int128)v),
        IntegerType { Bits: 8 } => Pin(values, v => (byte)(Int128)v),
        IntegerType { Bits: 16 } => Pin(values, v => (ushort)(Int128)v),
        IntegerType { Bits: 32 } => Pin(values, v => (uint)(Int128)v),
        IntegerType { Bits: 64 } => Pin(values, v => (ulong)(Int128)v),
        IntegerType => Pin(values, v => (UInt128)v),
        _ => throw new ArgumentException(type.ToString()),
    };

    private T* Pin<T>(IReadOnlyList<object?> values, Func<object, T> unbox) where T : unmanaged
    {
        var slots = Allocate<T>(values.Count);
        for (int i = 0; i < values.Count; i++) slots[i] = values[i] is { } value ? unbox(value) : Garbage<T>();
        return slots;
    }

    private static T Garbage<T>() where T : unmanaged
    {
        T garbage;
        new Span<byte>(&garbage, sizeof(T)).Fill(0xAB);
        return garbage;
    }

    private T* Allocate<T>(int count) where T : unmanaged
    {
        var array = GC.AllocateArray<T>(Math.Max(1, count), pinned: true);
        _pinned.Add(array);
        return (T*)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
    }

    private ulong* Mask(IReadOnlyList<object?> values)
    {
        var words = Allocate<ulong>((values.Count + 63) / 64);
        for (int i = 0; i < values.Count; i++)
            if (values[i] is not null) words[i >> 6] |= 1UL << (i & 63);
        return words;
    }

    private byte* TextViews(IReadOnlyList<object?> values)
    {
        byte* views = Allocate<byte>(values.Count * 16);
        for (int i = 0; i < values.Count; i++)
        {
            var view = new Span<byte>(views + 16L * i, 16);
            if (values[i] is not string text)
            {
                view.Fill(0xAB);
                continue;
            }
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            MemoryMarshal.Write(view, bytes.Length);
            if (bytes.Length <= 12)
            {
                bytes.CopyTo(view[4..]);
                continue;
            }
            bytes.AsSpan(0, 4).CopyTo(view[4..]);
            byte* copy = Allocate<byte>(bytes.Length);
            bytes.CopyTo(new Span<byte>(copy, bytes.Length));
            MemoryMarshal.Write(view[8..], (nint)copy);
        }
        return views;
    }

    private ColumnView TextOffsets(DataType type, IReadOnlyList<object?> values, ulong* validity)
    {
        int* offsets = Allocate<int>(values.Count + 1);
        byte[] all = [.. values.SelectMany(v => v is string text ? Encoding.UTF8.GetBytes(text) : [])];
        for (int i = 0; i < values.Count; i++) offsets[i + 1] = offsets[i] + (values[i] is string text ? Encoding.UTF8.GetByteCount(text) : 0);
        byte* bytes = Allocate<byte>(all.Length);
        all.CopyTo(new Span<byte>(bytes, all.Length));
        return new(type, ColumnLayout.TextOffsets, values.Count, offsets, validity, bytes);
    }

    // Laid out from the last row to the first: nothing may rely on the order of the lists.
    private ColumnView ListViews(ListType type, IReadOnlyList<object?> values, ulong* validity)
    {
        ulong* entries = Allocate<ulong>(values.Count * 2);
        List<object?> elements = [];
        for (int i = values.Count - 1; i >= 0; i--)
        {
            entries[2 * i] = values[i] is null ? ulong.MaxValue : (ulong)elements.Count;
            entries[2 * i + 1] = values[i] is object?[] list ? (ulong)list.Length : ulong.MaxValue;
            if (values[i] is object?[] items) elements.AddRange(items);
        }
        return new(type, ColumnLayout.ListViews, values.Count, entries, validity, children: [Make(type.Element, elements)]);
    }

    private ColumnView ListOffsets(ListType type, IReadOnlyList<object?> values, ulong* validity)
    {
        int* offsets = Allocate<int>(values.Count + 1);
        for (int i = 0; i < values.Count; i++) offsets[i + 1] = offsets[i] + (values[i] is object?[] list ? list.Length : 0);
        object?[] elements = [.. values.SelectMany(v => (object?[]?)v ?? [])];
        return new(type, ColumnLayout.ListOffsets, values.Count, offsets, validity, children: [Make(type.Element, elements)]);
    }
}
