using System.Globalization;
using MlSql.Columnar;

namespace MlSql.Races;

/// <summary>TRAIN against scikit-learn, both from the Parquet file to the coefficients.</summary>
internal abstract class TrainingRace(MlSqlSession session, RaceData data, Peer? peer, string model, string label, string estimator, string script) : Race
{
    public override string Opponent => "scikit-learn";

    public override string? Skip => peer is null ? Peer.Missing : null;

    /// <summary>Largest difference of coefficients that still counts as the same model, given how far the peer's solver goes.</summary>
    protected abstract double Tolerance { get; }

    protected abstract string Penalty(int rows);

    public override async Task<string> CompareAsync(CancellationToken cancel)
    {
        await TrainAsync(cancel);
        var theirs = await peer!.RunAsync(script, data.Path, cancel);
        var ours = new List<double>();
        await using var weights = await session.QueryAsync($"SELECT weight FROM ML.WEIGHTS(MODEL {model}, STRUCT(true AS standardize)) WHERE processed_input <> '__INTERCEPT__'", cancel);
        await foreach (RecordBatch batch in weights.ReadAsync(cancel)) ours.AddRange(batch.Column<double>("weight"));
        double difference = ours.Zip(theirs.Coefficients, (a, b) => Math.Abs(a - b)).Max();
        return ours.Count == theirs.Coefficients.Length && difference <= Tolerance
            ? string.Create(CultureInfo.InvariantCulture, $"largest difference of standardised coefficients {difference:g2} (allowed {Tolerance:g2})")
            : throw new ResultsDifferException(string.Create(CultureInfo.InvariantCulture, $"largest difference of coefficients {difference:g3}"));
    }

    public override Task<Timing> OursAsync(CancellationToken cancel) => Timing.OfAsync(() => TrainAsync(cancel));

    public override async Task<Timing> TheirsAsync(CancellationToken cancel) => (await peer!.RunAsync(script, data.Path, cancel)).Timing;

    private Task<IReadOnlyList<StatementResult>> TrainAsync(CancellationToken cancel) =>
        session.ExecuteAsync($"TRAIN {model} USING {estimator} (l2_reg = {Penalty(data.Rows)}) LABEL {label} AS SELECT {string.Join(", ", RaceData.Names)}, {label} FROM '{data.Path}'", cancel);
}

/// <summary>Logistic regression, C = 1.</summary>
internal sealed class LogisticRace(MlSqlSession session, RaceData data, Peer? peer) : TrainingRace(session, data, peer, "race_logistic", "y", "logistic_regression", "logistic.py")
{
    public override string Name => "TRAIN logistic_regression";

    public override string Aim => "≥ 3 ×";

    // scikit-learn's lbfgs stops at a gradient of 1e-4.
    protected override double Tolerance => 1e-3;

    protected override string Penalty(int rows) => (1.0 / rows).ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Ridge regression, alpha = 1.</summary>
internal sealed class RidgeRace(MlSqlSession session, RaceData data, Peer? peer) : TrainingRace(session, data, peer, "race_ridge", "z", "linear_regression", "ridge.py")
{
    public override string Name => "TRAIN linear_regression, L2 (ridge)";

    public override string Aim => "≥ 10 ×";

    protected override double Tolerance => 1e-8;

    protected override string Penalty(int rows) => (1.0 / rows).ToString("R", CultureInfo.InvariantCulture);
}
