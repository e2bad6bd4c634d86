namespace MlSql.ApiTests;

/// <summary>A model in this process gives what PREDICT gives in SQL, for every kind of feature and model that is trained here.</summary>
internal sealed class LoadedModelTests
{
    private const string Columns = "age, plan, tenure, member, joined, seen, zoned, price, scores, address";

    private string _folder = "";
    private MlSqlSession _session = null!;

    [OneTimeSetUp]
    public async Task Open()
    {
        _folder = Directory.CreateTempSubdirectory("mlsql-loaded-").FullName;
        _session = await MlSqlSession.OpenAsync(new() { Models = Path.Combine(_folder, "models"), Threads = 2 });
        await _session.ExecuteAsync("""
            SET TimeZone = 'UTC';
            CREATE TABLE people AS SELECT i AS id, (i * 7 % 61)::INTEGER AS age, ['basic', 'plus', 'über', 'a plan with a long name', NULL][i % 5 + 1] AS plan,
                CASE WHEN i % 6 = 0 THEN NULL ELSE (i * 13 % 40) / 4.0::DOUBLE END AS tenure, i % 3 = 0 AS member, DATE '1960-01-01' + (i * 37)::INTEGER AS joined, TIMESTAMP '1969-12-30 10:11:12.345678' + INTERVAL (i * 5) HOUR AS seen,
                TIMESTAMPTZ '2020-02-28 22:00:00+00' + INTERVAL (i) HOUR AS zoned, ((i * 17 % 1000) / 8.0)::DECIMAL(10, 3) AS price, [i % 5, i % 7, i / 3]::DOUBLE[] AS scores, {'zip': (i % 9)::BIGINT, 'city': ['Ulm', 'Köln'][i % 2 + 1]} AS address
            FROM range(400) r(i);
            CREATE TABLE labelled AS SELECT *, (age + coalesce(tenure, 3) * 2 + hash(id) % 20 > 45) AS left_us, ['low', 'mid', 'top'][(id + age) % 3 + 1] AS tier, (age / 20)::INTEGER AS decade, age * 2 + coalesce(tenure, 1) - scores[1] AS spend FROM people;
            """);
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        await _session.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase("linear_regression", "spend")]
    [TestCase("logistic_regression", "left_us")]
    [TestCase("boosted_tree_regressor", "spend")]
    [TestCase("boosted_tree_regressor (objective = 'poisson')", "age")]
    [TestCase("boosted_tree_classifier", "left_us")]
    [TestCase("boosted_tree_classifier", "tier")]
    [TestCase("boosted_tree_classifier", "decade")]
    public async Task A_row_gets_what_sql_gives_it(string estimator, string label)
    {
        string name = $"m{TestContext.CurrentContext.Test.ID.Replace('-', '_')}";
        string features = label == "age" ? Columns.Replace("age, ", "", StringComparison.Ordinal) : Columns;
        await _session.ExecuteAsync($"TRAIN {name} USING {estimator} LABEL {label} AS SELECT {features}, {label} FROM labelled");
        bool classifier = !label.Equals("spend", StringComparison.Ordinal) && label != "age";
        string probabilities = classifier ? $", PREDICT_PROBA({name} USING *) AS probs, PREDICTION_PROBABILITY({name} USING *) AS prob" : "";
        var rows = await ColumnValues.RowsAsync(_session, $"SELECT *, PREDICT({name} USING *) AS p{probabilities} FROM labelled ORDER BY id");
        using var model = _session.LoadModel(name);
        Assert.That(rows, Has.Count.EqualTo(400));
        Assert.That(rows.Select(r => r["p"]).Distinct().Count(), Is.GreaterThan(1));
        foreach (var row in rows)
        {
            foreach (var found in (Prediction[])[model.Predict(Person.Of(row)), model.Predict(row), model.Predict((object)row), model.Predict(Loose(row))])
            {
                Assert.That(found.Value, Is.EqualTo(row["p"]).And.TypeOf(row["p"]!.GetType()));
                Assert.That(found.Probability, Is.EqualTo((double?)row.GetValueOrDefault("prob")));
                Assert.That(found.Probabilities.ToArray(), Is.EqualTo(row.GetValueOrDefault("probs") ?? Array.Empty<double>()));
                if (classifier) Assert.That(found.ProbabilityOf(found.Value!), Is.EqualTo(found.Probability));
            }
        }
        Assert.That(model.Classes, Is.EqualTo(classifier ? rows.Select(r => r["p"]).Distinct().Order() : Array.Empty<object>()));
    }

    [Test]
    public async Task The_example_of_the_library_works_as_written()
    {
        var session = _session;
        await session.ExecuteAsync("TRAIN churn USING logistic_regression (l2_reg = 0.01) LABEL left_us AS SELECT age, plan, tenure, left_us FROM labelled; ALTER MODEL churn SET ALIAS champion = 1");
        using var model = session.LoadModel("churn@champion");
        var p = model.Predict(new { age = 41, plan = "basic", tenure = 2.5 });
        var expected = (await ColumnValues.RowsAsync(session, "SELECT PREDICT(churn@champion USING *) AS v, PREDICTION_PROBABILITY(churn@champion USING *) AS p FROM (SELECT 41 AS age, 'basic' AS plan, 2.5 AS tenure)")).Single();
        Assert.That((p.Value, p.Probability, p.ToString()), Is.EqualTo((expected["v"], expected["p"], string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{expected["v"]} ({expected["p"]:0.####})"))));
    }

    [Test]
    public async Task A_null_row_is_a_row_of_nulls()
    {
        await _session.ExecuteAsync($"TRAIN nulls USING boosted_tree_classifier LABEL tier AS SELECT {Columns}, tier FROM labelled");
        var expected = (await ColumnValues.RowsAsync(_session, $"SELECT PREDICT(nulls USING *) AS p, PREDICT_PROBA(nulls USING *) AS probs FROM (SELECT l.* FROM (SELECT 1) LEFT JOIN labelled l ON false)")).Single();
        using var model = _session.LoadModel("nulls");
        var found = model.Predict(new Person());
        Assert.That(found.Value, Is.EqualTo(expected["p"]));
        Assert.That(found.Probabilities.ToArray(), Is.EqualTo(expected["probs"]));
        Assert.That(model.Predict(Columns.Split(", ").ToDictionary(c => c, c => (object?)null)).Value, Is.EqualTo(expected["p"]));
    }

    [Test]
    public async Task Rows_of_one_type_are_read_afresh_each_time()
    {
        await _session.ExecuteAsync("TRAIN texts USING logistic_regression LABEL left_us AS SELECT plan, tenure, left_us FROM labelled");
        using var model = _session.LoadModel("texts");
        // Long texts lie elsewhere than short ones, and a null may follow either.
        string?[] plans = ["basic", "a plan with a long name", null, "über", "a plan with a long name", "unknown", "", new string('x', 300), "plus", null, "basic"];
        foreach (string? plan in plans)
        {
            string sql = plan is null ? "NULL" : $"'{plan}'";
            var expected = (await ColumnValues.RowsAsync(_session, $"SELECT PREDICTION_PROBABILITY(texts, true USING *) AS p FROM (SELECT {sql}::VARCHAR AS plan, 2.5 AS tenure)")).Single()["p"];
            Assert.That(model.Predict(new { plan, tenure = 2.5m }).ProbabilityOf(true), Is.EqualTo(expected), sql);
        }
    }

    [Test]
    public async Task Names_are_found_by_case_and_numbers_by_any_type()
    {
        await _session.ExecuteAsync("TRAIN numbers USING linear_regression LABEL spend AS SELECT age, tenure, spend FROM labelled");
        using var model = _session.LoadModel("NUMBERS");
        double expected = model.Predict(new { age = 3.0, tenure = 7.0 }).As<double>();
        Assert.That(((object[])[
            new { AGE = 3, Tenure = 7f }, new { age = (byte)3, tenure = 7m, other = "ignored" }, new { age = (short?)3, tenure = 7UL }, new { age = (Int128)3, tenure = (object)7 }, new { age = (sbyte)3, tenure = (uint)7 },
            new { Age = "not this", age = 3, tenure = 7L }, new Structure(3, 7), new Dictionary<string, object?> { ["AGE"] = 3L, ["tenure"] = 7.0f },
        ]).Select(row => model.Predict(row).As<double>()), Is.All.EqualTo(expected));
        Assert.That(model.Predict(new { age = true, tenure = 7 }).Value, Is.EqualTo(model.Predict(new { age = 1, tenure = 7 }).Value));
        Assert.That((model.Name, model.Version), Is.EqualTo(("numbers", 1)));
        Assert.That(model.Features, Is.EqualTo((string[])["age", "tenure"]));
        Assert.That(model.ContentHash, Is.EqualTo((await ColumnValues.RowsAsync(_session, "SELECT content_hash FROM mlsql.versions WHERE model = 'numbers'")).Single()["content_hash"]));
    }

    [Test]
    public async Task Many_threads_share_a_model()
    {
        await _session.ExecuteAsync($"TRAIN shared USING boosted_tree_classifier LABEL tier AS SELECT {Columns}, tier FROM labelled");
        var rows = await ColumnValues.RowsAsync(_session, "SELECT *, PREDICT_PROBA(shared USING *) AS probs FROM labelled");
        using var model = _session.LoadModel("shared");
        int wrong = 0;
        Parallel.For(0, 4_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var row = rows[i % rows.Count];
            object given = (i % 3) switch { 0 => Person.Of(row), 1 => row, _ => Loose(row) };
            if (!model.Predict(given).Probabilities.SequenceEqual((double[])row["probs"]!)) Interlocked.Increment(ref wrong);
        });
        Assert.That(wrong, Is.Zero);
    }

    [Test]
    public async Task A_steady_row_allocates_little_more_than_its_answer()
    {
        await _session.ExecuteAsync("TRAIN steady USING boosted_tree_regressor LABEL spend AS SELECT age, tenure, spend FROM labelled");
        using var model = _session.LoadModel("steady");
        var row = new { age = 30, tenure = 2.5 };
        for (int i = 0; i < 100; i++) model.Predict(row);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++) model.Predict(row);
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / 1_000, Is.LessThanOrEqualTo(96));
    }

    // An object whose properties tell their types by their values only.
    private static object Loose(Dictionary<string, object?> row) => new
    {
        age = row["age"],
        plan = row["plan"],
        tenure = row["tenure"],
        member = row["member"],
        joined = row["joined"],
        seen = row["seen"],
        zoned = row["zoned"],
        price = row["price"],
        scores = row["scores"],
        address = Person.AddressOf(row["address"]) is { } address ? (object)new { address.City, address.Zip } : null,
    };

    private readonly record struct Structure(int Age, long Tenure);

    internal sealed record Address(long Zip, string City);

    internal sealed class Person
    {
        public int? Age { get; init; }

        public string? Plan { get; init; }

        public double? Tenure { get; init; }

        public bool? Member { get; init; }

        public DateOnly? Joined { get; init; }

        public DateTime? Seen { get; init; }

        public DateTimeOffset? Zoned { get; init; }

        public decimal? Price { get; init; }

        public IReadOnlyList<double>? Scores { get; init; }

        public Address? Address { get; init; }

        public static Person Of(Dictionary<string, object?> row) => new()
        {
            Age = (int?)row["age"],
            Plan = (string?)row["plan"],
            Tenure = (double?)row["tenure"],
            Member = (bool?)row["member"],
            Joined = (DateOnly?)row["joined"],
            Seen = (DateTime?)row["seen"],
            Zoned = (DateTimeOffset?)row["zoned"],
            Price = (decimal?)row["price"],
            Scores = [.. (double[])row["scores"]!],
            Address = AddressOf(row["address"]),
        };

        public static Address? AddressOf(object? value) => value is Dictionary<string, object?> fields ? new Address((long)fields["zip"]!, (string)fields["city"]!) : null;
    }
}
