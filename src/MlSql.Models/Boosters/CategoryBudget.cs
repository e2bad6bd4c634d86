using System.Globalization;

namespace MlSql.Models.Boosters;

/// <summary>
/// Bounds the sets of categories of a file that lists categories by number: one of the largest takes 2 MiB as bits, whatever the bytes that say it.
/// </summary>
internal sealed class CategoryBudget(long fileBytes, BoosterErrors errors)
{
    private const long Fixed = 64L << 20;
    private const int PerByte = 16;
    private readonly long _limit = Fixed + (PerByte * fileBytes);
    private long _taken;

    /// <summary>Takes room for a set before it is made. Throws MLS7203 above 64 MiB and 16 times the file.</summary>
    public void Take(int words)
    {
        _taken += (long)words * sizeof(ulong);
        if (_taken > _limit)
            throw errors.Unsupported(string.Create(CultureInfo.InvariantCulture, $"its sets of categories take more than {_limit:N0} bytes"), "number the categories from 0 on without gaps");
    }
}
