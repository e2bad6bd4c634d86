using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models.Estimators;
using MlSql.Training;
using MlSql.UnitTests.Training.Memory;

namespace MlSql.UnitTests.Training;

/// <summary>A small table of doubles and texts that can be trained on in slices of any size.</summary>
internal sealed record TrainingTable(ImmutableArray<(string Name, Array Values)> Features, (string Name, Array Values) Label)
{
    /// <summary>Row weights, or null.</summary>
    public double?[]? Weights { get; init; }

    /// <summary>The split column (bool or text), or null.</summary>
    public Array? SplitColumn { get; init; }

    public ClassWeighting ClassWeighting { get; init; } = ClassWeighting.None;

    public SplitSpec Split { get; init; } = SplitSpec.None;

    public long Seed { get; init; }

    public EarlyStopping? EarlyStopping { get; init; }

    public int Rows => Label.Values.Length;

    /// <summary>The options of an estimator, those given over the defaults.</summary>
    public static OptionValues Options(EstimatorInfo info, params (string Name, string Value)[] given) =>
        new(info.Options.ToImmutableSortedDictionary(o => o.Name, o => given.FirstOrDefault(g => g.Name == o.Name).Value ?? o.Default));

    /// <summary>The trainer's description.</summary>
    public static EstimatorInfo Estimator(string name) => Trainers.Infos.Single(i => i.Name == name);

    public TrainingSpec Spec(EstimatorInfo info, OptionValues options) => new(
        info, options, [.. Features.Select(f => new Field(f.Name, TypeOf(f.Values)))], new(Label.Name, TypeOf(Label.Values)), Weights is not null, ClassWeighting,
        SplitColumn is null ? Split : new(SplitMode.Column, 0, 0), Seed)
    { EarlyStopping = EarlyStopping };

    public TrainingResult Train(string estimator, params (string Name, string Value)[] options) => Train(Estimator(estimator), Options(Estimator(estimator), options));

    public TrainingResult Train(EstimatorInfo info, OptionValues options, int threads = 1, int slice = int.MaxValue, long memory = 1L << 30, IProgress<TrainingProgress>? progress = null, CancellationToken cancel = default)
    {
        using TrainingRun run = new(Spec(info, options), threads, memory, TimeProvider.System, progress);
        do
        {
            for (int start = 0; start < Rows; start += Math.Min(slice, Rows))
            {
                using TrainingViews views = new();
                int count = Math.Min(slice, Rows - start);
                run.Append(Columns(views, start, count), count);
            }
        }
        while (run.NextPass(cancel));
        return run.Finish(null, cancel);
    }

    /// <summary>Trains on pieces that threads append as they happen to.</summary>
    public TrainingResult TrainInPieces(EstimatorInfo info, OptionValues options, IReadOnlyList<(int Start, int Count)> pieces, int threads)
    {
        using TrainingRun run = new(Spec(info, options), threads, 1L << 30, TimeProvider.System, null);
        int[] numbers = new int[pieces.Count];
        int passes = 0;
        do
        {
            int next = pieces.Count, first = passes++ * pieces.Count;
            using Barrier start = new(threads);
            Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
            {
                start.SignalAndWait();
                for (int piece; (piece = Interlocked.Decrement(ref next)) >= 0;)
                {
                    using TrainingViews views = new();
                    numbers[piece] = run.Append(Columns(views, pieces[piece].Start, pieces[piece].Count), pieces[piece].Count, pieces[piece].Start) - first;
                }
            }))];
            foreach (Thread worker in workers) worker.Start();
            foreach (Thread worker in workers) worker.Join();
        }
        while (run.NextPass(default));
        return run.Finish(numbers, default);
    }

    /// <summary>Some rows as a batch, in the order of <see cref="TrainingSpec"/>.</summary>
    public ColumnView[] Columns(TrainingViews views, int start, int count)
    {
        List<ColumnView> columns = [.. Features.Select(f => View(views, f.Values, start, count)), View(views, Label.Values, start, count)];
        if (Weights is not null) columns.Add(View(views, Weights, start, count));
        if (SplitColumn is not null) columns.Add(View(views, SplitColumn, start, count));
        return [.. columns];
    }

    /// <summary>The same rows in another order, or some of them, or some of them often.</summary>
    public TrainingTable Take(int[] rows) => this with
    {
        Features = [.. Features.Select(f => (f.Name, Pick(f.Values, rows)))],
        Label = (Label.Name, Pick(Label.Values, rows)),
        Weights = Weights is null ? null : (double?[])Pick(Weights, rows),
        SplitColumn = SplitColumn is null ? null : Pick(SplitColumn, rows),
    };

    private static Array Pick(Array values, int[] rows)
    {
        Array picked = Array.CreateInstance(values.GetType().GetElementType()!, rows.Length);
        for (int i = 0; i < rows.Length; i++) picked.SetValue(values.GetValue(rows[i]), i);
        return picked;
    }

    private static DataType TypeOf(Array values) => values switch
    {
        double?[] => new FloatType(64),
        float[] => new FloatType(32),
        int[] => new IntegerType(32, true),
        long[] => new IntegerType(64, true),
        bool[] => new BooleanType(),
        string?[] => new StringType(),
        DateOnly[] => new DateType(),
        DateTime[] => new TimestampType(TimeUnit.Microsecond, false),
        double?[]?[] => new ListType(new FloatType(64)),
        _ => throw new ArgumentException(values.GetType().Name),
    };

    private static ColumnView View(TrainingViews views, Array values, int start, int count) => values switch
    {
        double?[] v => views.Doubles(v.AsSpan(start, count).ToArray()),
        float[] v => views.Fixed(TypeOf(v), v.AsSpan(start, count).ToArray()),
        int[] v => views.Fixed(TypeOf(v), v.AsSpan(start, count).ToArray()),
        long[] v => views.Fixed(TypeOf(v), v.AsSpan(start, count).ToArray()),
        bool[] v => views.Fixed(TypeOf(v), Array.ConvertAll(v.AsSpan(start, count).ToArray(), b => (byte)(b ? 1 : 0))),
        string?[] v => views.Texts(v.AsSpan(start, count).ToArray()),
        DateOnly[] v => views.Fixed(TypeOf(v), Array.ConvertAll(v.AsSpan(start, count).ToArray(), d => d.DayNumber - new DateOnly(1970, 1, 1).DayNumber)),
        DateTime[] v => views.Fixed(TypeOf(v), Array.ConvertAll(v.AsSpan(start, count).ToArray(), d => (d - DateTime.UnixEpoch).Ticks / 10)),
        double?[]?[] v => views.Lists(v.AsSpan(start, count).ToArray()),
        _ => throw new ArgumentException(values.GetType().Name),
    };
}
