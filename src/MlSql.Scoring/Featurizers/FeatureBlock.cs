using MlSql.Columnar.Memory;

namespace MlSql.Scoring.Featurizers;

/// <summary>Up to <see cref="MaxRows"/> rows of one input. <see cref="Start"/> is a multiple of 64.</summary>
internal readonly ref struct FeatureBlock(ColumnView column, int start, int rows, ReadOnlySpan<ulong> validity, Span<double> scratch)
{
    /// <summary>Rows of the largest block: scores, scratch and one input column take 24 KB together, so they stay in the first-level cache.</summary>
    public const int MaxRows = 1024;

    public readonly ColumnView Column = column;
    public readonly int Start = start;
    public readonly int Rows = rows;

    /// <summary>Bit r = row Start + r has a value, in the column and in every struct around it; empty when all have.</summary>
    public readonly ReadOnlySpan<ulong> Validity = validity;

    /// <summary><see cref="MaxRows"/> numbers for the kernel's own use.</summary>
    public readonly Span<double> Scratch = scratch;

    public bool IsValid(int row) => Validity.IsEmpty || (Validity[row >> 6] >> (row & 63) & 1) != 0;
}
