using System.Text;

namespace MlSql.Columnar.Memory;

/// <summary>
/// The value of one row, or the elements of its list, as a column that scoring reads in place. Filled again and again: what <see cref="View"/> shows are the values of now. For one thread at a time; keep it alive while the
/// view is read.
/// </summary>
public sealed unsafe class RowColumn
{
    // The widest value: a number of 128 bits, a text's view, a list's entry.
    private const int Slot = 16;

    private readonly byte[] _memory;
    private readonly byte[]?[] _texts;
    private readonly RowColumn[] _children;
    private readonly ulong* _validity;
    private readonly byte* _values;

    /// <summary>Makes room for <paramref name="capacity"/> values of a type; for a list type for <paramref name="elements"/> elements in each.</summary>
    public RowColumn(DataType type, int capacity = 1, int elements = 0)
    {
        (Type, Capacity) = (type, capacity);
        int words = Math.Max(1, (capacity + 63) / 64);
        _memory = GC.AllocateArray<byte>(checked(words * sizeof(ulong) + Slot * Math.Max(1, capacity)), pinned: true);
        _validity = (ulong*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _values = (byte*)(_validity + words);
        _texts = type is StringType ? new byte[]?[capacity] : [];
        _children = type switch
        {
            ListType list => [new(list.Element, elements)],
            StructType fields => [.. fields.Fields.Select(f => new RowColumn(f.Type, capacity, elements))],
            _ => [],
        };
        var layout = type switch
        {
            StringType => ColumnLayout.TextViews,
            ListType => ColumnLayout.ListViews,
            StructType => ColumnLayout.Struct,
            _ => ColumnLayout.Fixed,
        };
        View = new ColumnView(type, layout, capacity, type is StructType ? null : _values, _validity, children: [.. _children.Select(c => c.View)]);
    }

    /// <summary>One row of a struct whose fields lie in columns of their own.</summary>
    public static ColumnView Struct(StructType type, ColumnView[] fields) => new(type, ColumnLayout.Struct, 1, null, null, children: fields);

    /// <summary>The type.</summary>
    public DataType Type { get; }

    /// <summary>How many values there are.</summary>
    public int Capacity { get; }

    /// <summary>What scoring reads.</summary>
    public ColumnView View { get; }

    /// <summary>Writes a value of a type of fixed width; <typeparamref name="T"/> is as wide as the type's values (a byte for booleans).</summary>
    public void Set<T>(int at, T value) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)at, (uint)Capacity, nameof(at));
        if (sizeof(T) > Slot) throw new InvalidOperationException($"No value is as wide as {typeof(T).Name}");
        ((T*)_values)[at] = value;
        _validity[at >> 6] |= 1UL << (at & 63);
    }

    /// <summary>Makes a value NULL.</summary>
    public void SetNull(int at)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)at, (uint)Capacity, nameof(at));
        _validity[at >> 6] &= ~(1UL << (at & 63));
    }

    /// <summary>Writes a text. What is not Unicode in it becomes U+FFFD.</summary>
    public void SetText(int at, ReadOnlySpan<char> text)
    {
        const int Inline = 12;
        if (Type is not StringType) throw new InvalidOperationException($"A value of {Type} is not a text");
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)at, (uint)Capacity, nameof(at));
        byte* view = _values + (long)Slot * at;
        if (text.Length > Inline || !Encoding.UTF8.TryGetBytes(text, new Span<byte>(view + sizeof(uint), Inline), out int length))
        {
            length = Encoding.UTF8.GetByteCount(text);
            byte[] bytes = _texts[at] is { } known && known.Length >= length ? known : _texts[at] = GC.AllocateUninitializedArray<byte>(Math.Max(64, length), pinned: true);
            Encoding.UTF8.GetBytes(text, bytes);
            // Short texts lie in the view itself.
            if (length <= Inline) bytes.AsSpan(0, length).CopyTo(new Span<byte>(view + sizeof(uint), Inline));
            else *(byte**)(view + 8) = (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0);
        }
        *(uint*)view = (uint)length;
        _validity[at >> 6] |= 1UL << (at & 63);
    }

    /// <summary>Gives the value that many elements and returns their column; null where there is no room for so many, and then none must be written: a model refuses a list of another length before it reads it.</summary>
    public RowColumn? SetList(int length)
    {
        if (Type is not ListType) throw new InvalidOperationException($"A value of {Type} is not a list");
        Set(0, 0UL);
        ((ulong*)_values)[1] = (ulong)length;
        return length <= _children[0].Capacity ? _children[0] : null;
    }

    /// <summary>A field of a struct, which has a value from now on.</summary>
    public RowColumn Field(int index)
    {
        if (Type is not StructType) throw new InvalidOperationException($"A value of {Type} is not a struct");
        _validity[0] |= 1;
        return _children[index];
    }
}
