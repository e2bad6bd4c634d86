using System.Text;

namespace MlSql.SpecTests;

/// <summary>Statements printed at each stage of the pipeline: syntax, bound, optimised, the engine's program. MLSQL_ACCEPT=1 rewrites the files.</summary>
public class StageGoldenTests
{
    private const string Setup = """
        CREATE TABLE orders AS SELECT i AS id, (i % 5)::DOUBLE AS amount, i % 3 = 0 AS vip, CASE i % 2 WHEN 0 THEN 'a' ELSE 'b' END AS segment, 10.0 * (i % 5) + 1 AS total FROM range(40) r(i);
        TRAIN MODEL price USING linear_regression LABEL total AS SELECT amount, vip, total FROM orders;
        TRAIN MODEL loyal USING logistic_regression (l2_reg = 0.5) LABEL vip AS SELECT amount, segment, vip FROM orders;
        ALTER MODEL price SET ALIAS best = 1;
        """;

    private static readonly (string Name, string Sql)[] Statements =
    [
        ("plain_query", "SELECT id, amount FROM orders WHERE amount > 2 ORDER BY id"),
        ("scalar_predict", "SELECT id, PREDICT(price, amount, vip) AS p\nFROM orders\nWHERE PREDICT(price, amount, vip) > 20"),
        ("by_name", "SELECT PREDICT(MODEL price@best USING *), PREDICT(price VERSION 1 USING id AS amount, vip) FROM orders"),
        ("classes", "SELECT PREDICT(loyal USING * WITH (threshold = 0.3)) AS c, PREDICTION_PROBABILITY(loyal, true USING *) AS p, PREDICT_PROBA(loyal, amount, segment) AS both FROM orders"),
        ("nested", "WITH scored AS (SELECT id, PREDICT(price, amount, vip) AS p FROM orders)\nSELECT id, PREDICT(price, PREDICT(price, p, true), false) AS q FROM scored"),
        ("table_form", "SELECT s.id, s.predicted_total FROM ML.PREDICT(MODEL price, (SELECT * FROM orders WHERE vip)) AS s"),
        ("predict_statement", "PREDICT loyal ON orders WITH (threshold = 0.4, lineage = true) INTO scored"),
        ("view", "CREATE VIEW v AS SELECT id, PREDICT(price USING *) AS p FROM orders"),
        ("evaluate", "EVALUATE loyal ON (SELECT *, id AS w FROM orders) BY segment WITH (weight = w)"),
        ("evaluate_stored", "EVALUATE price"),
        ("explain_model", "EXPLAIN MODEL price"),
        ("explain_model_on_rows", "EXPLAIN MODEL loyal ON (SELECT * FROM orders) WITH (weight = id)"),
        ("explain_predictions", "EXPLAIN PREDICTIONS OF loyal ON orders WITH (top_k_features = 2, threshold = 0.4) INTO explained"),
        ("train", "TRAIN MODEL loyal USING logistic_regression (l2_reg = 0.1, max_iterations = 50)\nLABEL vip FEATURES (* EXCEPT (id, total)) WEIGHT BY amount + 1 WEIGHT CLASSES BALANCED SPLIT RANDOM EVAL 0.25 SEED 7 COMMENT 'again'\nAS SELECT * FROM orders"),
        ("create_model", "CREATE OR REPLACE MODEL price OPTIONS (model_type = 'LINEAR_REG', input_label_cols = ['total'], data_split_method = 'NO_SPLIT') AS SELECT amount, PREDICT(loyal USING *) AS v, total FROM orders"),
        ("alter", "ALTER MODEL price SET ALIAS worst = 1"),
        ("describe", "DESCRIBE MODEL loyal"),
    ];

    private static IEnumerable<string> Names() => Statements.Select(s => s.Name);

    [TestCaseSource(nameof(Names))]
    public async Task Prints(string name)
    {
        string sql = Statements.Single(s => s.Name == name).Sql;
        using var folder = new TemporaryFolder();
        await using var session = await MlSqlSession.OpenAsync(new MlSqlOptions { Models = folder.At("models"), Threads = 2 });
        await session.ExecuteAsync(Setup);
        var print = new StringBuilder(sql).Append('\n');
        foreach (string stage in (string[])["SYNTAX", "BOUND", "OPTIMIZED", "PROGRAM"])
        {
            print.Append("\n==== ").Append(stage.ToLowerInvariant()).Append('\n');
            var rows = new List<string[]>();
            await using var result = await session.QueryAsync($"EXPLAIN {stage} {sql}");
            await foreach (var batch in result.ReadAsync()) ResultRows.Append(batch, rows);
            foreach (string[] row in rows) print.Append(row[0] == "(empty)" ? "" : row[0]).Append('\n');
        }
        string path = Path.Combine(TestData.Root, "tests", "golden", "stages", name + ".txt");
        if (Environment.GetEnvironmentVariable("MLSQL_ACCEPT") == "1") File.WriteAllText(path, print.ToString());
        Assert.That(File.Exists(path), $"{path} is missing; MLSQL_ACCEPT=1 writes it");
        Assert.That(print.ToString(), Is.EqualTo(File.ReadAllText(path)), path);
    }

    [Test]
    public void No_golden_is_left_over() =>
        Assert.That(Directory.EnumerateFiles(Path.Combine(TestData.Root, "tests", "golden", "stages")).Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(Names()));
}
