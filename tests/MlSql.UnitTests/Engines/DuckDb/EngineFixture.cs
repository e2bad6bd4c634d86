using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.UnitTests.Engines.DuckDb;

/// <summary>A database in memory and a connection for each test, and a folder that goes away with it.</summary>
internal abstract class EngineFixture
{
    protected DuckDbDatabase Database { get; private set; } = null!;

    protected DuckDbConnection Connection { get; private set; } = null!;

    protected string Folder { get; private set; } = null!;

    [SetUp]
    public void Open()
    {
        Folder = Directory.CreateTempSubdirectory("mlsql-test-").FullName;
        Database = DuckDbDatabase.Open(new DatabaseOptions { Threads = 2 });
        Connection = Database.Connect();
    }

    [TearDown]
    public void Close()
    {
        Connection.Dispose();
        Database.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Every row as texts, in the words of <see cref="ValueText"/>.</summary>
    protected List<string[]> Rows(string sql) => Rows(Connection, sql);

    protected static List<string[]> Rows(DuckDbConnection connection, string sql)
    {
        var rows = new List<string[]>();
        using DuckDbResult result = connection.ExecuteStreaming(sql, default);
        while (result.NextChunk(default) is { } chunk)
        {
            RecordBatch batch = chunk.ToBatch();
            for (int row = 0; row < batch.Rows; row++) rows.Add([.. batch.Columns.Select(c => ValueText.Of(c, row))]);
        }
        return rows;
    }

    /// <summary>The only value of the only row.</summary>
    protected string Value(string sql) => Rows(sql).Single().Single();

    protected string PathOf(string name) => Path.Combine(Folder, name);
}
