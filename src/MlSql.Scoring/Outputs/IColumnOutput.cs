using MlSql.Columnar;

namespace MlSql.Scoring.Outputs;

/// <summary>
/// A column of an engine that is filled in place. Implemented by small structs, so that what writes through it is compiled for each engine and calls nothing indirectly in its loops.
/// Every row that is not set to NULL must be written.
/// </summary>
public interface IColumnOutput<TSelf> where TSelf : struct, IColumnOutput<TSelf>
{
    /// <summary>The type.</summary>
    DataType Type { get; }

    /// <summary>Rows to be written.</summary>
    int Rows { get; }

    /// <summary>The values of a type of fixed width; booleans take a byte. <typeparamref name="T"/> must be as wide as the type's values.</summary>
    Span<T> Values<T>() where T : unmanaged;

    /// <summary>Makes a row NULL, with all that is below it.</summary>
    void SetNull(int row);

    /// <summary>Writes a text.</summary>
    void SetText(int row, ReadOnlySpan<byte> utf8);

    /// <summary>Gives every row a list of this many elements and returns the column of all elements, row after row. For a map the elements are structs of key and value. Call it once.</summary>
    TSelf SetLists(ReadOnlySpan<int> lengths);

    /// <summary>A field of a struct column.</summary>
    TSelf Field(int index);
}
