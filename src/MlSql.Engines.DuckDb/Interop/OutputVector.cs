using System.Text.Unicode;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>The result column of one call of a function, written in place. Every row that is not set to NULL must be written.</summary>
internal sealed unsafe class OutputVector
{
    private const int InlineBytes = 12;

    private readonly nint _vector;
    private readonly byte* _data;
    private ulong* _validity;

    internal OutputVector(nint vector, DataType type, int rows)
    {
        _vector = vector;
        _data = (byte*)NativeMethods.duckdb_vector_get_data(vector);
        Type = type;
        Rows = rows;
    }

    /// <summary>The type.</summary>
    public DataType Type { get; }

    /// <summary>Rows to be written.</summary>
    public int Rows { get; }

    /// <summary>The values of a type of fixed width; <typeparamref name="T"/> must be as wide as the type's values.</summary>
    public Span<T> Values<T>() where T : unmanaged => new(_data, Rows);

    /// <summary>Makes a row NULL, in a struct or array with all that is below it.</summary>
    public void SetNull(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        if (_validity == null)
        {
            NativeMethods.duckdb_vector_ensure_validity_writable(_vector);
            _validity = NativeMethods.duckdb_vector_get_validity(_vector);
        }
        _validity[row >> 6] &= ~(1UL << (row & 63));
        switch (Type)
        {
            case StructType type:
                for (int i = 0; i < type.Fields.Length; i++) Field(i).SetNull(row);
                break;
            case ArrayType type:
                OutputVector elements = Elements();
                for (int k = 0; k < type.Length; k++) elements.SetNull(row * type.Length + k);
                break;
            case ListType or MapType:
                new Span<ulong>(_data + 16L * row, 2).Clear();
                break;
        }
    }

    /// <summary>Writes a text or blob. Throws <see cref="CodedException"/> MLS6031 for a text that is not UTF-8.</summary>
    public void SetText(int row, ReadOnlySpan<byte> utf8)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        if (Type is not BinaryType && !Utf8.IsValid(utf8))
            throw new CodedException(EngineErrorCodes.FunctionTextInvalid, "A function made a text that is not UTF-8", "the labels of the model must be UTF-8 text");
        if (utf8.Length <= InlineBytes)
        {
            var view = new Span<byte>(_data + 16L * row, 16);
            view.Clear();
            *(uint*)(_data + 16L * row) = (uint)utf8.Length;
            utf8.CopyTo(view[4..]);
            return;
        }
        fixed (byte* bytes = utf8) NativeMethods.duckdb_unsafe_vector_assign_string_element_len(_vector, (ulong)row, bytes, (ulong)utf8.Length);
    }

    /// <summary>Gives every row a list of this many elements and returns the column of all elements, row after row. For a map the elements are structs of key and value. Call it once.</summary>
    public OutputVector SetLists(ReadOnlySpan<int> lengths)
    {
        ulong total = 0;
        var entries = new Span<(ulong Start, ulong Length)>(_data, Rows);
        for (int row = 0; row < entries.Length; row++)
        {
            entries[row] = (total, checked((ulong)lengths[row]));
            total += (ulong)lengths[row];
        }
        // In this order: reserving may move the elements, so their place is asked for last.
        _ = NativeMethods.duckdb_list_vector_reserve(_vector, total);
        _ = NativeMethods.duckdb_list_vector_set_size(_vector, total);
        DataType element = Type is MapType map ? VectorViews.EntryType(map) : ((ListType)Type).Element;
        return new OutputVector(NativeMethods.duckdb_list_vector_get_child(_vector), element, checked((int)total));
    }

    /// <summary>The elements of an array column: as many a row as the type says.</summary>
    public OutputVector Elements()
    {
        var array = (ArrayType)Type;
        return new OutputVector(NativeMethods.duckdb_array_vector_get_child(_vector), array.Element, checked(Rows * array.Length));
    }

    /// <summary>A field of a struct column.</summary>
    public OutputVector Field(int index) =>
        new(NativeMethods.duckdb_struct_vector_get_child(_vector, (ulong)index), ((StructType)Type).Fields[index].Type, Rows);
}
