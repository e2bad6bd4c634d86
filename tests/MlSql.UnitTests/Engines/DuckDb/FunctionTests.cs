using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Engines.DuckDb.Database;
using MlSql.Engines.DuckDb.Functions;
using MlSql.Engines.DuckDb.Interop;

namespace MlSql.UnitTests.Engines.DuckDb;

internal sealed class FunctionTests : EngineFixture
{
    private static readonly DataType Double = new FloatType(64);

    [TestCaseSource(typeof(TypeCases), nameof(TypeCases.Readable))]
    public void Values_of_every_type_pass_through_a_function(string type, string query)
    {
        DataType columnType = Connection.Describe(query, default).Fields[0].Type;
        Database.RegisterScalar(new ScalarFunctionDefinition("identity", [columnType], columnType, new IdentityFunction()));
        Assert.That(Connection.Describe($"SELECT identity(v) FROM ({query})", default).Fields[0].Type, Is.EqualTo(columnType), type);
        string[] counts = Rows($"SELECT count(*), count(identity(v)), count(v), count(*) FILTER (identity(v) IS DISTINCT FROM v) FROM ({query})").Single();
        Assert.That(int.Parse(counts[0], null), Is.GreaterThanOrEqualTo(60));
        Assert.That(counts[1], Is.EqualTo(counts[2]));
        Assert.That(counts[3], Is.EqualTo("0"));
    }

    [TestCaseSource(typeof(TypeCases), nameof(TypeCases.AsText))]
    public void Arguments_without_columns_of_ours_are_refused_before_the_function_sees_them(string type, string query)
    {
        Database.RegisterScalar(new ScalarFunctionDefinition("kinds", null, new StringType(), new Kinds()));
        var error = Assert.Throws<CodedException>(() => Connection.Execute($"SELECT kinds(v) FROM ({query})", default))!;
        Assert.That((error.Code, error.Hint), Is.EqualTo(("MLS6028", "cast it to VARCHAR")), type);
    }

    [Test]
    public void Null_rows_constants_and_constant_nulls_arrive()
    {
        Database.RegisterScalar(new ScalarFunctionDefinition("kinds", null, new StringType(), new Kinds()));
        Assert.That(Rows("SELECT kinds(x, 5, NULL, 'text') FROM (VALUES (1), (NULL)) t(x)").Select(r => r[0]), Is.EqualTo(new[] { "INTEGER:1 INTEGER:1 NULL:0 VARCHAR:1", "INTEGER:0 INTEGER:1 NULL:0 VARCHAR:1" }));
        Assert.That(Value("SELECT kinds(NULL)"), Is.EqualTo("NULL:0"));
        Assert.That(Value("SELECT kinds(NULL::DOUBLE, 2)"), Is.EqualTo("DOUBLE:0 INTEGER:1"));
        Assert.That(Value("SELECT kinds({'a': NULL, 'b': [1]})"), Is.EqualTo("STRUCT(a NULL, b INTEGER[]):1"));
        Assert.That(Value("SELECT kinds()"), Is.EqualTo(""));
    }

    [Test]
    public void Declared_parameters_are_cast_to()
    {
        Database.RegisterScalar(new ScalarFunctionDefinition("identity", [new ListType(Double)], new ListType(Double), new IdentityFunction()));
        Assert.That(Rows("SELECT identity([1.5, 2, NULL]), identity(NULL), identity([])").Single(), Is.EqualTo(new[] { "[1.5, 2.0, NULL]", "NULL", "[]" }));
    }

    [Test]
    public void Constants_and_dictionaries_inside_structs_are_read_row_by_row()
    {
        Database.RegisterScalar(new ScalarFunctionDefinition("first_field", null, new StringType(), new FirstField()));
        Connection.Execute($"COPY (SELECT 'value number ' || (i % 3) AS d, i FROM range(10000) t(i)) TO '{PathOf("d.parquet")}'", default);
        Assert.That(Value($"SELECT count(*) FILTER (first_field({{'q': d, 'i': i}}) = d AND first_field({{'c': 'constant', 'i': i}}) = 'constant') FROM '{PathOf("d.parquet")}'"), Is.EqualTo("10000"));
    }

    [Test]
    public void A_dictionary_column_of_a_parquet_file_gives_each_row_its_value()
    {
        var text = new StringType();
        var counter = new Counting(new IdentityFunction());
        Database.RegisterScalar(new ScalarFunctionDefinition("identity", [text], text, counter));
        Connection.Execute($"COPY (SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE 'value number ' || (i % 5) END AS d FROM range(100000) t(i)) TO '{PathOf("d.parquet")}'", default);
        Assert.That(Rows($"SELECT count(*), count(*) FILTER (identity(d) IS NOT DISTINCT FROM d), count(DISTINCT identity(d)) FROM '{PathOf("d.parquet")}'").Single(), Is.EqualTo(new[] { "100000", "100000", "5" }));
        Assert.That(counter.Rows, Is.GreaterThan(0));
    }

    [Test]
    public void Several_threads_call_a_function_at_once()
    {
        using var threads = new Threads();
        Database.RegisterScalar(new ScalarFunctionDefinition("plus_one", [Double], Double, threads));
        Connection.Execute("CREATE TABLE t AS SELECT i::DOUBLE AS x FROM range(1000000) t(i)", default);
        Assert.That(Value("SELECT sum(plus_one(x) - x) FROM t"), Is.EqualTo("1000000.0"));
        Assert.That(threads.Seen, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_coded_error_of_a_function_comes_back_as_it_was()
    {
        var thrown = new CodedException("MLS4001", "a category that training did not see: 'größer'", "map it");
        Database.RegisterScalar(new ScalarFunctionDefinition("fails_late", [new IntegerType(64, true)], Double, new Failing(thrown, 1_500_000)));
        Assert.That(Assert.Throws<CodedException>(() => Connection.Execute("SELECT sum(fails_late(i)) FROM range(2000000) t(i)", default)), Is.SameAs(thrown));
        using DuckDbResult result = Connection.ExecuteStreaming("SELECT fails_late(i) FROM range(2000000) t(i)", default);
        Assert.That(Assert.Throws<CodedException>(() => { while (result.NextChunk(default) is not null) { } }), Is.SameAs(thrown));
        Assert.That(Value("SELECT sum(fails_late(i)) FROM range(10) t(i)"), Is.EqualTo("10.0"));
    }

    // Once in 250 times the engine tells of the interrupt by which the failing thread ends the others.
    [Test]
    public void A_function_that_fails_while_rows_are_fetched_is_never_taken_for_a_cancellation()
    {
        var thrown = new CodedException("MLS4001", "a category that training did not see: 'größer'", "map it");
        Database.RegisterScalar(new ScalarFunctionDefinition("fails_late", [new IntegerType(64, true)], Double, new Failing(thrown, 150_000)));
        for (int i = 0; i < 1500; i++)
            Assert.That(Assert.Catch(() => Connection.Execute("SELECT fails_late(i) FROM range(400000) t(i)", default)), Is.SameAs(thrown));
    }

    [Test]
    public void Any_other_error_of_a_function_is_named_a_defect()
    {
        Database.RegisterScalar(new ScalarFunctionDefinition("fails", null, Double, new Failing(new InvalidOperationException("inner words"), 0)));
        var error = Assert.Throws<EngineException>(() => Connection.Execute("SELECT fails(1::BIGINT)", default))!;
        Assert.That((error.Code, error.InnerException!.Message), Is.EqualTo(("MLS6025", "inner words")));
    }

    [Test]
    public void A_call_can_be_refused_for_its_types()
    {
        ImmutableArray<DataType> seen = [];
        Database.RegisterScalar(new ScalarFunctionDefinition("picky", null, Double, new Failing(new InvalidOperationException(), 0))
        {
            Check = types =>
            {
                seen = types;
                throw new CodedException("MLS4002", "one feature is missing", "add it");
            },
        });
        var error = Assert.Throws<CodedException>(() => Connection.Execute("SELECT picky(1, 'x', 0.5, d) FROM (SELECT DATE '2024-01-01' AS d)", default))!;
        Assert.That((error.Code, error.Hint), Is.EqualTo(("MLS4002", "add it")));
        Assert.That(seen, Is.EqualTo(new DataType[] { new IntegerType(32, true), new StringType(), new DecimalType(2, 1), new DateType() }));
    }

    [Test]
    public void Arguments_may_be_subqueries()
    {
        Database.RegisterScalar(new ScalarFunctionDefinition("kinds", null, new StringType(), new Kinds()));
        Assert.That(Rows("SELECT kinds((SELECT 1), (SELECT max(t.i) FROM range(3) t(i)) + 1, 'x' IN (SELECT 'x'))").Single().Single(), Is.EqualTo("INTEGER:1 BIGINT:1 BOOLEAN:1"));
    }

    [Test]
    public void A_text_that_is_not_utf8_is_an_error_and_not_a_null()
    {
        Database.RegisterScalar(new ScalarFunctionDefinition("bad_text", null, new StringType(), new BadText()));
        Assert.That(Assert.Throws<CodedException>(() => Connection.Execute("SELECT bad_text()", default))!.Code, Is.EqualTo("MLS6031"));
    }

    [Test]
    public void A_name_is_registered_once_and_outlives_a_rollback()
    {
        Connection.Execute("BEGIN", default);
        Assert.That(Database.RegisterScalar(new ScalarFunctionDefinition("kinds", null, new StringType(), new Kinds())), Is.True);
        Assert.That(Database.RegisterScalar(new ScalarFunctionDefinition("KINDS", null, new StringType(), new BadText())), Is.False);
        Connection.Execute("ROLLBACK", default);
        using DuckDbConnection other = Database.Connect();
        Assert.That(Rows(other, "SELECT kinds(1)").Single().Single(), Is.EqualTo("INTEGER:1"));
    }

    [Test]
    public void Types_of_arguments_survive_a_prepared_view()
    {
        Database.RegisterScalar(new ScalarFunctionDefinition("kinds", null, new StringType(), new Kinds()));
        Connection.Execute("CREATE VIEW w AS SELECT kinds(i, 'x') AS k FROM range(3) t(i)", default);
        Connection.Execute("PREPARE p AS SELECT k FROM w UNION ALL SELECT kinds(2.5)", default);
        Assert.That(Rows("EXECUTE p").Select(r => r[0]).Distinct(), Is.EquivalentTo(new[] { "BIGINT:1 VARCHAR:1", "DECIMAL(2,1):1" }));
    }

    private sealed class Kinds : IScalarFunction
    {
        public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output)
        {
            for (int row = 0; row < rows; row++)
            {
                var kinds = new List<string>();
                foreach (ColumnView argument in arguments) kinds.Add($"{argument.Type}:{(argument.IsValid(row) ? 1 : 0)}");
                output.SetText(row, Encoding.UTF8.GetBytes(string.Join(' ', kinds)));
            }
        }
    }

    private sealed class FirstField : IScalarFunction
    {
        public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output)
        {
            for (int row = 0; row < rows; row++) output.SetText(row, arguments[0].Children[0].Text(row));
        }
    }

    private sealed class BadText : IScalarFunction
    {
        public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output) => output.SetText(0, [0x61, 0xFF]);
    }

    private sealed class Counting(IScalarFunction inner) : IScalarFunction
    {
        private int _rows;

        public int Rows => _rows;

        public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output)
        {
            Interlocked.Add(ref _rows, rows);
            inner.Invoke(arguments, rows, output);
        }
    }

    // Waits for the other thread in its first call, so that both must be there.
    private sealed class Threads : IScalarFunction, IDisposable
    {
        private readonly Barrier _both = new(2);

        public ConcurrentDictionary<int, bool> Seen { get; } = [];

        public void Dispose() => _both.Dispose();

        public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output)
        {
            if (Seen.TryAdd(Environment.CurrentManagedThreadId, true)) _both.SignalAndWait(TimeSpan.FromSeconds(10));
            ReadOnlySpan<double> values = arguments[0].Values<double>();
            for (int row = 0; row < rows; row++) output.Values<double>()[row] = values[row] + 1;
        }
    }

    private sealed class Failing(Exception fault, long at) : IScalarFunction
    {
        public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output)
        {
            foreach (long value in arguments[0].Values<long>())
                if (value >= at) throw fault;
            output.Values<double>().Fill(1);
        }
    }
}
