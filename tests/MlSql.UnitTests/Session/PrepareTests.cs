namespace MlSql.UnitTests.Session;

internal sealed class PrepareTests
{
    [TestCase("")]
    [TestCase("SELECT 1 AS x")]
    [TestCase("TRAIN nonsense (((")]
    public async Task What_is_prepared_neither_runs_nor_fails(string script)
    {
        string folder = Directory.CreateTempSubdirectory("mlsql-test-").FullName;
        try
        {
            MlSqlSession.Prepare(script);
            await using var session = await MlSqlSession.OpenAsync(new MlSqlOptions { Models = Path.Combine(folder, "models") });
            Assert.That((await session.ExecuteAsync("SELECT 1 AS x")).Single().Schema!.Fields.Single().Name, Is.EqualTo("x"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void There_is_a_script() => Assert.Throws<ArgumentNullException>(() => MlSqlSession.Prepare(null!));
}
