using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using MlSql.Columnar.Ipc;

namespace MlSql.Columnar.Memory;

/// <summary>
/// One column of the batch that an <see cref="ArrowStreamWriter"/> sends next, written in place. Every row that is not set to NULL should be written: what is not written is 0, empty or false.
/// Spans stay where they are until the batch is sent or the next one begins.
/// </summary>
public sealed unsafe class ArrowOutput
{
    private const int ShortText = 12;

    private readonly ArrowField _field;
    private readonly ArrowOutput[] _children;
    private readonly PinnedArena _body;
    private readonly PinnedArena _scratch;
    private readonly int _width;
    private readonly TextBuffer? _text;
    private byte* _values;
    private ulong* _validity;

    internal ArrowOutput(ArrowField field, PinnedArena body, PinnedArena scratch)
    {
        _field = field;
        _body = body;
        _scratch = scratch;
        _children = [.. field.Children.Select(child => new ArrowOutput(child, body, scratch))];
        _text = Type is StringType or BinaryType ? new TextBuffer() : null;
        _width = Type is NullType or StringType or BinaryType or ListType or ArrayType or MapType or StructType ? 0 : ArrowValues.Width(Type);
    }

    /// <summary>The type.</summary>
    public DataType Type => _field.Type;

    /// <summary>Rows to be written.</summary>
    public int Rows { get; private set; }

    private bool HasOffsets => Type is StringType or BinaryType or ListType or MapType;

    // Arrow lays these out otherwise, so they are laid out when the batch is sent.
    private bool IsLaidOutLater => Type is BooleanType or IntervalType or DecimalType { Precision: <= 18 };

    /// <summary>The values of a type of fixed width; <typeparamref name="T"/> must be as wide as the type's values (a byte for booleans, 2, 4, 8 or 16 for decimals by their precision).</summary>
    public Span<T> Values<T>() where T : unmanaged
    {
        if (_width != Unsafe.SizeOf<T>()) throw new InvalidOperationException($"The values of {Type} are not as wide as {typeof(T).Name}");
        return new(_values, Rows);
    }

    /// <summary>Makes a row NULL. What is below it in a struct, list or array stays as it is; nobody reads it.</summary>
    public void SetNull(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        if (Type is NullType) return;
        if (_validity == null)
        {
            int words = (Rows + 63) / 64;
            _validity = (ulong*)_body.Take(words * 8L);
            new Span<ulong>(_validity, words).Fill(ulong.MaxValue);
            if ((Rows & 63) != 0) _validity[words - 1] = (1UL << (Rows & 63)) - 1;
        }
        _validity[row >> 6] &= ~(1UL << (row & 63));
    }

    /// <summary>Writes a text or blob. Rows must come in ascending order; those left out are empty. Throws <see cref="ArrowException"/> MLS6108 for a text that is not UTF-8, MLS6103 when all texts together take more than 2 GiB.</summary>
    public void SetText(int row, ReadOnlySpan<byte> utf8)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        if (_text is null) throw new InvalidOperationException($"A value of {Type} is not a text");
        if (Type is StringType && !Utf8.IsValid(utf8)) throw ArrowErrors.NotUtf8();
        _text.Append(row, utf8, (int*)_values);
    }

    /// <summary>Gives every row a list of this many elements and returns the column of all elements, row after row. For a map the elements are structs of key and value. Call it once a batch. Throws <see cref="ArrowException"/> MLS6103 for more elements than a batch can have.</summary>
    public ArrowOutput SetLists(ReadOnlySpan<int> lengths)
    {
        if (Type is not (ListType or MapType)) throw new InvalidOperationException($"A value of {Type} is not a list");
        ArgumentOutOfRangeException.ThrowIfNotEqual(lengths.Length, Rows);
        long total = 0;
        int* offsets = (int*)_values;
        for (int row = 0; row < lengths.Length; row++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(lengths[row], nameof(lengths));
            total += lengths[row];
            if (total > int.MaxValue) throw ArrowErrors.TooLarge("lists with a number of elements", total, int.MaxValue);
            offsets[row + 1] = (int)total;
        }
        _children[0].Reset((int)total);
        return _children[0];
    }

    /// <summary>The elements of an array column: as many a row as the type says.</summary>
    public ArrowOutput Elements() => Type is ArrayType ? _children[0] : throw new InvalidOperationException($"A value of {Type} is not an array");

    /// <summary>A field of a struct column.</summary>
    public ArrowOutput Field(int index) => Type is StructType ? _children[index] : throw new InvalidOperationException($"A value of {Type} is not a struct");

    /// <summary>Adds what <see cref="LayOut"/> will say of the column.</summary>
    internal void Count(ref int nodes, ref int buffers)
    {
        nodes++;
        buffers += Type is NullType ? 0 : _text is not null ? 3 : HasOffsets || _width > 0 ? 2 : 1;
        foreach (var child in _children) child.Count(ref nodes, ref buffers);
    }

    /// <summary>About how many bytes the column will take; lists are taken for one element a row, texts for short ones.</summary>
    internal long Expected(long rows)
    {
        long bytes = 4L * PinnedBuffer.Alignment + rows / 8 + (Type is DecimalType ? 16 : _width) * rows + (HasOffsets ? sizeof(int) : 0) * rows + (_text is null ? 0 : ShortText) * rows;
        foreach (var child in _children) bytes += child.Expected(Type is ArrayType array ? Math.Min(rows * array.Length, int.MaxValue) : rows);
        return bytes;
    }

    internal void Reset(int rows)
    {
        Rows = rows;
        _validity = null;
        _values = HasOffsets ? _body.Take((rows + 1L) * sizeof(int)) : _width == 0 ? null : (IsLaidOutLater ? _scratch : _body).Take((long)_width * rows);
        _text?.Clear();
        long childRows = Type switch
        {
            StructType => rows,
            ArrayType array => (long)rows * array.Length,
            _ => 0,
        };
        if (childRows > int.MaxValue) throw ArrowErrors.TooLarge("arrays with a number of elements", childRows, int.MaxValue);
        foreach (var child in _children) child.Reset((int)childRows);
    }

    internal void LayOut(ArrowLayout layout)
    {
        layout.Node(Rows, Type is NullType ? Rows : Nulls());
        if (Type is NullType) return;
        layout.Buffer(_validity, _validity == null ? 0 : (Rows + 7L) / 8);
        if (_text is not null)
        {
            layout.Buffer(_values, (Rows + 1L) * sizeof(int));
            layout.Buffer(_text.Finish(Rows, (int*)_values, _body), _text.Length);
        }
        else if (HasOffsets)
        {
            layout.Buffer(_values, (Rows + 1L) * sizeof(int));
        }
        else if (_width > 0)
        {
            LayOutValues(layout);
        }
        foreach (var child in _children) child.LayOut(layout);
    }

    private void LayOutValues(ArrowLayout layout)
    {
        byte* into = _values;
        long length = (long)_width * Rows;
        switch (Type)
        {
            case BooleanType:
                length = (Rows + 7L) / 8;
                into = _body.Take(length);
                BitBytes.Pack(new(_values, Rows), new(into, (int)length));
                break;
            case DecimalType { Precision: <= 18 } number:
                length = 16L * Rows;
                into = _body.Take(length);
                ArrowValues.Widen(_values, Rows, number, (Int128*)into);
                break;
            case IntervalType:
                length = (long)ArrowValues.Width(_field.Form) * Rows;
                into = _body.Take(length);
                ArrowValues.Write((Interval*)_values, _field.Form, Rows, _validity, into);
                break;
        }
        layout.Buffer(into, length);
    }

    private int Nulls()
    {
        if (_validity == null) return 0;
        int valid = 0;
        for (int word = 0; word < (Rows + 63) / 64; word++) valid += BitOperations.PopCount(_validity[word]);
        return Rows - valid;
    }
}
