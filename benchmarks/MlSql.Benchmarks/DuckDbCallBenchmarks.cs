using System.Globalization;
using BenchmarkDotNet.Attributes;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Engines.DuckDb.Database;
using MlSql.Engines.DuckDb.Functions;
using MlSql.Engines.DuckDb.Interop;

namespace MlSql.Benchmarks;

/// <summary>What a call of a function costs beside the engine's own work, and what reading a result costs, over a table of doubles on one thread.</summary>
public class DuckDbCallBenchmarks
{
    private const int Rows = 1_000_000;

    private DuckDbDatabase _database = null!;
    private DuckDbConnection _connection = null!;
    private string _columns = "";

    [Params(1, 10, 28)]
    public int Columns { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _database = DuckDbDatabase.Open(new DatabaseOptions { Threads = 1 });
        _connection = _database.Connect();
        _columns = string.Join(", ", Enumerable.Range(0, Columns).Select(i => string.Create(CultureInfo.InvariantCulture, $"f{i}")));
        string made = string.Join(", ", Enumerable.Range(0, Columns).Select(i => string.Create(CultureInfo.InvariantCulture, $"random() AS f{i}")));
        _connection.Execute(string.Create(CultureInfo.InvariantCulture, $"CREATE TABLE t AS SELECT {made} FROM range({Rows})"), CancellationToken.None);
        _database.RegisterScalar(new ScalarFunctionDefinition("ignore_all", null, new FloatType(64), new IgnoreAll()));
        _database.RegisterScalar(new ScalarFunctionDefinition("add_all", null, new FloatType(64), new AddAll()));
    }

    [GlobalCleanup]
    public void Close()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    /// <summary>The scan and the engine's sum of one column: what the others stand above.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Rows)]
    public void Floor() => _connection.Execute("SELECT sum(f0) FROM t", CancellationToken.None);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void FunctionThatIgnoresItsArguments() => _connection.Execute($"SELECT sum(ignore_all({_columns})) FROM t", CancellationToken.None);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void FunctionThatAddsItsArguments() => _connection.Execute($"SELECT sum(add_all({_columns})) FROM t", CancellationToken.None);

    [Benchmark(OperationsPerInvoke = Rows)]
    public double ReadInPlace()
    {
        double sum = 0;
        using DuckDbResult result = _connection.ExecuteStreaming("FROM t", CancellationToken.None);
        while (result.NextChunk(CancellationToken.None) is { } chunk)
            foreach (ColumnView view in chunk.Views) sum += view.Values<double>()[0];
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public int ReadCopied()
    {
        int rows = 0;
        using DuckDbResult result = _connection.ExecuteStreaming("FROM t", CancellationToken.None);
        while (result.NextChunk(CancellationToken.None) is { } chunk) rows += chunk.ToBatch().Rows;
        return rows;
    }

    private sealed class IgnoreAll : IScalarFunction
    {
        public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output) => output.Values<double>().Fill(1);
    }

    private sealed class AddAll : IScalarFunction
    {
        public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output)
        {
            Span<double> sums = output.Values<double>();
            sums.Clear();
            foreach (ColumnView argument in arguments)
            {
                ReadOnlySpan<double> values = argument.Values<double>();
                for (int row = 0; row < sums.Length; row++) sums[row] += values[row];
            }
        }
    }
}
