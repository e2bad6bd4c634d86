using System.Globalization;

namespace MlSql.Training.Kernels;

/// <summary>
/// A hash of a multiset of rows from their <see cref="RowHash"/>es: two sums modulo 2⁶⁴ of differently spread bits. No order of the rows changes it; cheap, and not proof against forgery.
/// </summary>
internal struct RowSetHash
{
    private const ulong Other = 0xC2B2_AE3D_27D4_EB4F;

    private ulong _first;
    private ulong _second;

    public void Add(ReadOnlySpan<ulong> rows)
    {
        foreach (ulong row in rows)
        {
            _first += RowHash.Finish(row);
            _second += RowHash.Finish(row ^ Other);
        }
    }

    public void Add(RowSetHash other)
    {
        _first += other._first;
        _second += other._second;
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override readonly string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_first:x16}{_second:x16}");
}
