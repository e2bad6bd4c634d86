using MlSql.Models.Onnx;
using MlSql.UnitTests.Scoring.Onnx;

namespace MlSql.UnitTests.Session;

/// <summary>Small files that ask for much: refused before anything is allocated.</summary>
public class ImportLimitsTests
{
    private static readonly object[] Hostile =
    [
        new object[] { "MLS2048", new object[] { "N", 1L << 30 } },
        new object[] { "MLS2048", new object[] { "N", 4096, 4096 } },
        new object[] { "MLS2048", new object[] { "N", 1L << 31, 1L << 31 } },
        new object[] { "MLS2048", new object[] { 1 << 24, 1 } },
        new object[] { "MLS2047", new object[] { 0, 4 } },
        new object[] { "MLS2037", new object[] { "N", 0 } },
        new object[] { "MLS2037", new object[] { "N", "k" } },
        new object[] { "MLS2035", Array.Empty<object>() },
    ];

    [TestCaseSource(nameof(Hostile))]
    public async Task A_shape_that_no_rows_have_is_refused(string code, object[] shape)
    {
        string folder = Directory.CreateTempSubdirectory("mlsql-import").FullName;
        try
        {
            string file = Path.Combine(folder, "m.onnx");
            await File.WriteAllBytesAsync(file, new TestGraph().Input("x", TensorElement.Float, shape).Output("y", TensorElement.Float, shape).Node("Identity", ["x"], ["y"]).ToBytes());
            await using var session = await MlSqlSession.OpenAsync(new() { Models = Path.Combine(folder, "models"), Threads = 1 });
            long before = Environment.WorkingSet;
            var error = Assert.ThrowsAsync<MlSqlException>(() => session.ExecuteAsync($"IMPORT MODEL m FROM '{file}'"))!;
            Assert.That(error.Code, Is.EqualTo(code), error.Message);
            Assert.That(Environment.WorkingSet - before, Is.LessThan(200 << 20));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
