using System.Globalization;

namespace MlSql.ApiTests;

/// <summary>What goes wrong with models in the process is told as in SQL.</summary>
internal sealed class LoadedModelErrorTests
{
    private string _folder = "";
    private MlSqlSession _session = null!;

    [OneTimeSetUp]
    public async Task Open()
    {
        _folder = Directory.CreateTempSubdirectory("mlsql-loaded-").FullName;
        _session = await MlSqlSession.OpenAsync(new() { Models = Path.Combine(_folder, "models"), Threads = 2 });
        await _session.ExecuteAsync("""
            CREATE TABLE t AS SELECT i::INTEGER AS age, ['basic', 'plus'][i % 2 + 1] AS plan, (i * 13 % 40) / 4.0 AS tenure, [i % 3, 1]::DOUBLE[] AS scores, DATE '2020-01-01' + i::INTEGER AS joined, i % 3 = 0 AS churned FROM range(60) r(i);
            TRAIN churn USING logistic_regression (l2_reg = 0.1) LABEL churned AS SELECT age, plan, tenure, churned FROM t;
            TRAIN churn USING logistic_regression (l2_reg = 0.5) LABEL churned AS SELECT age, plan, tenure, churned FROM t;
            TRAIN churn USING logistic_regression (l2_reg = 0.9) LABEL churned AS SELECT age, plan, tenure, churned FROM t;
            ALTER MODEL churn SET ALIAS champion = 1;
            TRAIN lists USING linear_regression (l2_reg = 0.1) LABEL age AS SELECT scores, joined, age FROM t;
            TRAIN "odd name.x" USING linear_regression LABEL age AS SELECT tenure, age FROM t;
            """);
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        await _session.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase("churn", 3)]
    [TestCase("CHURN", 3)]
    [TestCase("churn@champion", 1)]
    [TestCase("churn @ Champion", 1)]
    [TestCase("churn@2", 2)]
    [TestCase("churn VERSION 2", 2)]
    [TestCase("churn version 'champion'", 1)]
    [TestCase("\"odd name.x\"", 1)]
    public void A_name_means_what_it_means_in_sql(string name, int version)
    {
        using var model = _session.LoadModel(name);
        Assert.That(model.Version, Is.EqualTo(version));
    }

    [TestCase("chrun", "MLS2001", "churn")]
    [TestCase("churn@champoin", "MLS2004", "champion")]
    [TestCase("churn@7", "MLS2002", "1, 2, 3")]
    [TestCase("churn VERSION 7", "MLS2002", "1, 2, 3")]
    [TestCase("churn@99999999999999", "MLS2002", "1, 2, 3")]
    public async Task What_is_not_there_is_told_as_in_sql(string name, string code, string near)
    {
        var found = Assert.Throws<MlSqlException>(() => _session.LoadModel(name))!;
        var expected = Assert.ThrowsAsync<MlSqlException>(() => _session.ExecuteAsync($"SELECT PREDICT(MODEL {name}, 1, 'basic', 2)"))!;
        Assert.That((found.Code, found.Message, found.Hint), Is.EqualTo((expected.Code, expected.Message, expected.Hint)));
        Assert.That(found.Code, Is.EqualTo(code));
        Assert.That(found.Hint, Does.Contain(near));
        Assert.That(found.Text, Does.Contain(name).And.Contain("^"));
        await Task.CompletedTask;
    }

    [TestCase("", "MLS1002")]
    [TestCase("churn@", "MLS1002")]
    [TestCase("churn, other", "MLS1001")]
    [TestCase("churn; DROP MODEL churn", "MLS1001")]
    [TestCase("churn@1.5", "MLS2004")]
    [TestCase("\"churn", "MLS1003")]
    [TestCase("'churn'", "MLS1001")]
    public void What_names_no_model_is_refused(string name, string code) => Assert.That(Assert.Throws<MlSqlException>(() => _session.LoadModel(name))!.Code, Is.EqualTo(code));

    [Test]
    public void A_missing_feature_is_told_as_in_sql()
    {
        using var model = _session.LoadModel("churn");
        var expected = Assert.ThrowsAsync<MlSqlException>(() => _session.ExecuteAsync("SELECT PREDICT(churn USING *) FROM (SELECT 1 AS age, 'basic' AS plna, 2.5 AS tenure)"))!;
        foreach (var found in (MlSqlException[])[
            Assert.Throws<MlSqlException>(() => model.Predict(new { age = 1, plna = "basic", tenure = 2.5 }))!,
            Assert.Throws<MlSqlException>(() => model.Predict(new Dictionary<string, object?> { ["age"] = 1, ["plna"] = "basic", ["tenure"] = 2.5 }))!])
        {
            Assert.That((found.Code, found.Message, found.Hint), Is.EqualTo((expected.Code, expected.Message, expected.Hint)));
            Assert.That(found.Code, Is.EqualTo("MLS2009"));
            Assert.That(found.Hint, Does.Contain("plna"));
        }
        Assert.That(Assert.Throws<MlSqlException>(() => model.Predict(new { AGE = 1, agE = 2, plan = "basic", tenure = 2.5 }))!.Code, Is.EqualTo("MLS2006"));
        // What failed leaves nothing behind.
        Assert.That(model.Predict(new { age = 1, plan = "basic", tenure = 2.5 }).Value, Is.TypeOf<bool>());
    }

    private static IEnumerable<TestCaseData> WrongTypes()
    {
        yield return new("churn", new { age = "1", plan = "basic", tenure = 2.5 }, "age", "VARCHAR");
        yield return new("churn", new { age = 1, plan = 7, tenure = 2.5 }, "plan", "INTEGER");
        yield return new("churn", new { age = 1, plan = DayOfWeek.Friday, tenure = 2.5 }, "plan", "DayOfWeek");
        yield return new("churn", new { age = new DateOnly(2020, 1, 1), plan = "basic", tenure = 2.5 }, "age", "DATE");
        yield return new("churn", new { age = new TimeOnly(1, 2), plan = "basic", tenure = 2.5 }, "age", "TIME");
        yield return new("churn", new { age = (object)"1", plan = "basic", tenure = 2.5 }, "age", "VARCHAR");
        yield return new("churn", new Dictionary<string, object?> { ["age"] = "1", ["plan"] = "basic", ["tenure"] = 2.5 }, "age", "VARCHAR");
        yield return new("lists", new { scores = 1.5, joined = new DateOnly(2020, 1, 1) }, "scores", "DOUBLE");
        yield return new("lists", new { scores = (string[])["a", "b"], joined = new DateOnly(2020, 1, 1) }, "scores", "VARCHAR[]");
        yield return new("lists", new { scores = (double[])[1, 2], joined = new DateTime(2020, 1, 1) }, "joined", "TIMESTAMP");
    }

    [TestCaseSource(nameof(WrongTypes))]
    public void A_wrong_type_is_named(string name, object row, string feature, string type)
    {
        using var model = _session.LoadModel(name);
        var found = Assert.Throws<MlSqlException>(() => model.Predict(row))!;
        Assert.That(found.Code, Is.EqualTo("MLS2107"));
        Assert.That(found.Message, Does.Contain(feature).And.Contain(type));
    }

    [Test]
    public void A_list_of_another_length_is_refused()
    {
        using var model = _session.LoadModel("lists");
        foreach (int length in (int[])[0, 1, 3, 100])
            Assert.That(Assert.Throws<MlSqlException>(() => model.Predict(new { scores = new double[length], joined = new DateOnly(2020, 1, 1) }))!.Code, Is.EqualTo("MLS4001"), length.ToString(CultureInfo.InvariantCulture));
        Assert.That(model.Predict(new { scores = (double?[])[1, null], joined = new DateOnly(2020, 1, 1) }).Value, Is.TypeOf<double>());
    }

    [Test]
    public void Other_types_of_the_answer_are_given_where_they_hold_it()
    {
        using var model = _session.LoadModel("churn");
        var found = model.Predict(new { age = 1, plan = "basic", tenure = 2.5 });
        Assert.That(found.As<bool>(), Is.EqualTo(found.Value));
        Assert.That(Assert.Throws<MlSqlException>(() => found.As<string>())!.Code, Is.EqualTo("MLS7603"));
        Assert.That(Assert.Throws<MlSqlException>(() => found.ProbabilityOf("maybe"))!.Code, Is.EqualTo("MLS2010"));
        Assert.That(found.ProbabilityOf(true) + found.ProbabilityOf("false"), Is.EqualTo(1).Within(1e-15));
        using var number = _session.LoadModel("lists");
        var value = number.Predict(new { scores = (double[])[1, 1], joined = new DateOnly(2020, 1, 9) });
        Assert.That(value.As<double?>(), Is.EqualTo(value.Value));
        Assert.That(Assert.Throws<MlSqlException>(() => value.As<int>())!.Code, Is.EqualTo("MLS7603"));
        Assert.That(Assert.Throws<MlSqlException>(() => value.ProbabilityOf("1"))!.Code, Is.EqualTo("MLS2011"));
        Assert.That((value.Probability, value.Probabilities.Length, number.Classes.Length), Is.EqualTo(((double?)null, 0, 0)));
    }

    [Test]
    public async Task A_model_outlives_its_session_and_ends_when_disposed()
    {
        LoadedModel model;
        await using (var session = await MlSqlSession.OpenAsync(new() { Models = Path.Combine(_folder, "models") })) model = session.LoadModel("churn@1");
        var row = new { age = 1, plan = "basic", tenure = 2.5 };
        Assert.That(model.Predict(row).Value, Is.TypeOf<bool>());
        Assert.Throws<OperationCanceledException>(() => model.Predict(row, new CancellationToken(canceled: true)));
        Assert.Throws<OperationCanceledException>(() => _session.LoadModel("churn", new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentNullException>(() => model.Predict((object)null!));
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Predict(row));
    }
}
