namespace MlSql.Scoring.Kernels;

/// <summary>An encoded column as it lies in memory, borrowed: 32-bit or 64-bit numbers, NaN for a missing one.</summary>
/// <param name="values">The numbers.</param>
/// <param name="isSingle">Whether they have 32 bits.</param>
/// <param name="validity">Bit r = row r has a value, else it is missing whatever its number; null when all have.</param>
internal readonly unsafe struct ValueColumn(void* values, bool isSingle, ulong* validity)
{
    public readonly bool IsSingle = isSingle;

    public readonly ulong* Validity = validity;

    public float* Singles => (float*)values;

    public double* Doubles => (double*)values;

    /// <summary>The same from a later row on, a multiple of 64.</summary>
    public ValueColumn From(int row) => new(IsSingle ? Singles + row : Doubles + row, IsSingle, Validity == null ? null : Validity + (row >> 6));

    /// <summary>One number as a walk reads it.</summary>
    public double this[int row] => Validity != null && (Validity[row >> 6] >> (row & 63) & 1) == 0 ? double.NaN : IsSingle ? Singles[row] : Doubles[row];
}
