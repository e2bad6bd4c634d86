using System.Globalization;

namespace MlSql.Races;

/// <summary>Rows of the shared generator: a label and 28 columns of numbers, the same for each row's number wherever it is made.</summary>
internal static class HiggsRows
{
    /// <summary>The generator's SQL, whether it is there or not.</summary>
    public static string Generator => SharedFolder.Path("fixtures", "generate", "higgs_like.sql");

    /// <summary>Makes the view higgs_like (row_id, label, f00 … f27) of the session.</summary>
    public static async Task ViewAsync(MlSqlSession session, long from, long rows, CancellationToken cancel)
    {
        await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"SET VARIABLE row_from = {from}; SET VARIABLE n_rows = {rows}"), cancel);
        await session.ExecuteAsync(await File.ReadAllTextAsync(Generator, cancel), cancel);
    }
}
