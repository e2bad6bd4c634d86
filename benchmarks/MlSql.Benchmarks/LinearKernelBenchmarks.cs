using System.Globalization;
using BenchmarkDotNet.Attributes;
using MlSql.Benchmarks.Memory;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Scoring;

namespace MlSql.Benchmarks;

/// <summary>The linear scorer on one vector of DuckDB, 2,048 rows, in nanoseconds a row. Aim: at most 12 for 28 FLOAT columns.</summary>
public class LinearKernelBenchmarks
{
    private const int Rows = 2_048, Columns = 28;
    private readonly double[] _scores = new double[Rows];
    private readonly PinnedColumns _pinned = new();
    private ColumnView[] _floats = [], _doubles = [], _integers = [], _texts = [];
    private IScorer _numeric = null!, _categorical = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, Rows).Select(_ => random.NextDouble() * 100)];
        string[] levels = [.. Enumerable.Range(0, 20).Select(i => string.Create(CultureInfo.InvariantCulture, $"level {i:00} of the text")).Order(StringComparer.Ordinal)];
        _floats = [.. Enumerable.Range(0, Columns).Select(_ => _pinned.Fixed<float>(new FloatType(32), [.. values.Select(v => (float)v)]))];
        _doubles = [.. Enumerable.Range(0, Columns).Select(_ => _pinned.Fixed<double>(new FloatType(64), values))];
        _integers = [.. Enumerable.Range(0, Columns).Select(_ => _pinned.Fixed<int>(new IntegerType(32, true), [.. values.Select(v => (int)v)]))];
        _texts = [_pinned.Text([.. values.Select(_ => levels[random.Next(levels.Length)])])];
        _numeric = Scorers.Create(new Model(
            new([.. Enumerable.Range(0, Columns).Select(i => new Feature(string.Create(CultureInfo.InvariantCulture, $"f{i}"), new NumberFeature()))], "y", ModelTask.Regression, null),
            [.. Enumerable.Range(0, Columns).Select(i => new NumericFeaturizer(i, [], 50, 29))],
            new LinearStructure([.. Enumerable.Range(1, Columns).Select(i => 0.1 * i)], 1, Link.Identity)));
        _categorical = Scorers.Create(new Model(
            new([new("t", new TextFeature())], "y", ModelTask.Regression, null),
            [new OneHotFeaturizer(0, [], [.. levels], NullLevel: false)],
            new LinearStructure([.. levels.Select((_, i) => 0.1 * i)], 1, Link.Identity)));
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Floats28() => _numeric.Score(_floats, _scores);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Doubles28() => _numeric.Score(_doubles, _scores);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Integers28() => _numeric.Score(_integers, _scores);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void TextOf20Levels() => _categorical.Score(_texts, _scores);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Logistic() => Links.Logistic(_scores);
}
