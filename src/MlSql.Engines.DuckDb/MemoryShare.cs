using System.Globalization;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.Engines.DuckDb;

/// <summary>
/// Leaves half of the memory to a training while it lasts: the engine's tables spill above the other half. Setting a limit also makes the engine give back what it holds of dropped tables
/// (10,000,000 rows × 28 under 1 GB: the process peaked at 2.4 GiB without).
/// </summary>
internal sealed class MemoryShare : IDisposable
{
    // One of its own is outside any transaction: a limit is set back in one that failed too.
    private readonly DuckDbConnection _connection;
    private readonly long _limit;
    private readonly string _before;

    /// <summary>Lowers the engine's limit to half of <paramref name="limit"/>, in bytes, which it was opened with.</summary>
    public MemoryShare(DuckDbDatabase database, long limit)
    {
        (_connection, _limit) = (database.Connect(), limit);
        _before = Current();
        Set(Bytes(limit / 2));
    }

    /// <summary>Sets the limit that was there before.</summary>
    public void Dispose()
    {
        Set(Bytes(_limit));
        // The user may have set another one, which the engine says rounded.
        if (Current() != _before) Set(_before);
        _connection.Dispose();
    }

    private static string Bytes(long limit) => string.Create(CultureInfo.InvariantCulture, $"{limit}B");

    private string Current()
    {
        using var setting = _connection.ExecuteWhole("SELECT current_setting('memory_limit')", CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(setting.NextChunk(CancellationToken.None)!.Views[0].Text(0));
    }

    private void Set(string limit) => _connection.ExecuteWhole($"SET memory_limit = '{limit}'", CancellationToken.None).Dispose();
}
