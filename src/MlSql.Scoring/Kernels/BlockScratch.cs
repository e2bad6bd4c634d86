namespace MlSql.Scoring.Kernels;

/// <summary>Memory for one block of rows, cut from one rented piece.</summary>
internal readonly unsafe struct BlockScratch
{
    /// <summary>Rows of the largest block: the bins of 28 columns, counted from both ends, take 28 KB, so they stay in the first cache.</summary>
    public const int MaxRows = 1 << RowBits;

    /// <summary>The logarithm of <see cref="MaxRows"/>.</summary>
    public const int RowBits = 9;

    private const int MaxPlanes = LeafMasks.MaxLeaves / 8;

    /// <summary>Bins of a byte, <see cref="MaxRows"/> a slot.</summary>
    public readonly byte* Bins;

    /// <summary>Bins of two bytes, <see cref="MaxRows"/> a slot.</summary>
    public readonly ushort* WideBins;

    /// <summary>Sums of 64 bits, <see cref="MaxRows"/> an output; of 32 bits in the same place.</summary>
    public readonly double* Sums;

    /// <summary>Numbers of one column rounded to 32 bits.</summary>
    public readonly float* Singles;

    /// <summary>Ranks of one column.</summary>
    public readonly byte* Ranks;

    /// <summary>255 for rows of one column that are missing.</summary>
    public readonly byte* Missing;

    /// <summary>The bytes of leaf masks, <see cref="MaxRows"/> a plane.</summary>
    public readonly byte* Planes;

    /// <summary>Leaves of one tree, one a row.</summary>
    public readonly byte* Leaves;

    /// <summary>The nodes at which rows end in one tree.</summary>
    public readonly int* Ends;

    private BlockScratch(byte* memory, int slots, int wideSlots, int outputs)
    {
        Bins = memory;
        WideBins = (ushort*)(Bins + (long)slots * MaxRows);
        Sums = (double*)(WideBins + (long)wideSlots * MaxRows);
        Singles = (float*)(Sums + (long)outputs * MaxRows);
        Ranks = (byte*)(Singles + MaxRows);
        Missing = Ranks + MaxRows;
        Planes = Missing + MaxRows;
        Leaves = Planes + MaxPlanes * MaxRows;
        Ends = (int*)(Leaves + MaxRows);
    }

    /// <summary>Bytes that a block needs, with spare ones to align it and to read a little beyond.</summary>
    public static long Bytes(int slots, int wideSlots, int outputs) =>
        (slots + 2L * wideSlots + 8L * outputs + 4 + 1 + 1 + 4) * MaxRows + (MaxPlanes + 1) * MaxRows + 128;

    /// <summary>Cuts up memory of <see cref="Bytes"/>.</summary>
    public static BlockScratch In(byte* memory, int slots, int wideSlots, int outputs) => new((byte*)((long)memory + 63 & ~63L), slots, wideSlots, outputs);
}
