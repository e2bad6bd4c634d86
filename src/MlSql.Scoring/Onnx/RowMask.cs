namespace MlSql.Scoring.Onnx;

/// <summary>Which rows of a call have results: those without a NULL that their tensor cannot hold.</summary>
internal sealed class RowMask(int rows)
{
    /// <summary>A bit a row, 1 = it has results; null while all have.</summary>
    public ulong[]? Bits { get; private set; }

    public void Mark(int row)
    {
        if (Bits is null)
        {
            Bits = new ulong[(rows + 63) / 64];
            Array.Fill(Bits, ulong.MaxValue);
        }
        Bits[row >> 6] &= ~(1UL << (row & 63));
    }
}
