using MlSql.Columnar.Ipc;

namespace MlSql.Columnar.Memory;

/// <summary>The bytes of one column of texts while they come in; their sum is not known before the last.</summary>
internal sealed unsafe class TextBuffer
{
    private byte[] _bytes = [];
    private int _rows;

    /// <summary>Bytes of all texts.</summary>
    public int Length { get; private set; }

    public void Clear() => (Length, _rows) = (0, 0);

    /// <summary>Appends the text of a row and writes the offsets up to its end.</summary>
    public void Append(int row, ReadOnlySpan<byte> text, int* offsets)
    {
        if (row < _rows) throw new InvalidOperationException("Texts are written in the order of their rows, each once");
        if (text.Length > _bytes.Length - Length) Grow(text.Length);
        FillTo(row, offsets);
        text.CopyTo(_bytes.AsSpan(Length));
        Length += text.Length;
        offsets[row + 1] = Length;
        _rows = row + 1;
    }

    /// <summary>Writes the offsets of the rows that are left and moves the bytes to where they are sent from.</summary>
    public byte* Finish(int rows, int* offsets, PinnedArena body)
    {
        FillTo(rows, offsets);
        _rows = rows;
        byte* sent = body.Take(Length);
        _bytes.AsSpan(0, Length).CopyTo(new(sent, Length));
        return sent;
    }

    private void FillTo(int row, int* offsets)
    {
        for (; _rows < row; _rows++) offsets[_rows + 1] = Length;
    }

    private void Grow(int more)
    {
        long needed = (long)Length + more;
        if (needed > Array.MaxLength) throw ArrowErrors.TooLarge("a column of texts with a number of bytes", needed, Array.MaxLength);
        Array.Resize(ref _bytes, (int)Math.Min(Math.Max(needed, 2L * _bytes.Length), Array.MaxLength));
    }
}
