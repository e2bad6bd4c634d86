using MlSql.Columnar;

namespace MlSql.Races;

/// <summary>PREDICT of a logistic model, Parquet to Parquet, beside the same query with a built-in sum of the columns in its place.</summary>
internal sealed class PredictRace(MlSqlSession session, RaceData data) : Race
{
    private readonly string _out = Path.ChangeExtension(data.Path, ".out.parquet");

    public override string Name => "PREDICT logistic, Parquet → Parquet";

    public override string Opponent => "the engine's f00 + … + f27";

    public override string Aim => "≤ 1.5 × its time";

    public override bool OursOverTheirs => true;

    // Against the definition: intercept and weights by SQL.
    public override async Task<string> CompareAsync(CancellationToken cancel)
    {
        await session.ExecuteAsync($"TRAIN race_predict USING logistic_regression (l2_reg = 1e-6) LABEL y AS SELECT {string.Join(", ", RaceData.Names)}, y FROM '{data.Path}'", cancel);
        string sum = string.Join(" + ", RaceData.Names.Select(n => $"{n} * (SELECT weight FROM w WHERE processed_input = '{n}')"));
        await using var result = await session.QueryAsync(
            $"""
            WITH w AS (SELECT * FROM ML.WEIGHTS(MODEL race_predict))
            SELECT max(abs(PREDICTION_PROBABILITY(race_predict, 'true' USING *) - 1 / (1 + exp(-((SELECT weight FROM w WHERE processed_input = '__INTERCEPT__') + {sum}))))) AS d FROM '{data.Path}'
            """, cancel);
        double difference = double.NaN;
        await foreach (RecordBatch batch in result.ReadAsync(cancel)) difference = batch.Column<double>("d")[0];
        return difference <= 1e-9 ? $"largest difference from the formula in SQL {difference:g2}" : throw new ResultsDifferException($"largest difference {difference:g3}");
    }

    public override Task<Timing> OursAsync(CancellationToken cancel) => CopyAsync("PREDICTION_PROBABILITY(race_predict, 'true' USING *)", cancel);

    public override Task<Timing> TheirsAsync(CancellationToken cancel) => CopyAsync(string.Join(" + ", RaceData.Names), cancel);

    private Task<Timing> CopyAsync(string expression, CancellationToken cancel) =>
        Timing.OfAsync(() => session.ExecuteAsync($"COPY (SELECT i, {expression} AS p FROM '{data.Path}') TO '{_out}' (FORMAT parquet)", cancel));
}
