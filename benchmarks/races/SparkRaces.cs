namespace MlSql.Races;

/// <summary>The races on Spark.</summary>
internal static class SparkRaces
{
    private const int Tasks = 4, SmallTasks = 8;

    public static IEnumerable<Race> Of(SparkTrack track)
    {
        string[] graphColumns = SparkTrack.GraphColumns;
        const string graph = "PREDICTION_PROBABILITY(spark_graph, '1' USING *)";
        SparkJob Graph(int rows, int tasks) => SparkJob.OfMade(graph, "score_graph", SparkTrack.GraphFile, graphColumns, rows, tasks, 1e-5);
        yield return new SparkQueryRace(track, SparkJob.OfFile("PREDICTION_PROBABILITY(spark_linear, 'true' USING *)", "score_linear", track.LinearFile, [.. RaceData.Names], track.LinearRows, 1e-9), "PREDICT logistic, Parquet → sum", "≥ 2.7 ×");
        yield return new SparkScoringRace(track, SparkJob.OfFile(graph, "score_graph", SparkTrack.GraphFile, graphColumns, track.GraphRows, 1e-5), $"PREDICT {SparkTrack.Graph}, Parquet → sum", "≥ 3.5 ×");
        if (!OperatingSystem.IsWindows()) yield return new SparkStartRace(track);
        yield return new SparkFirstRace(track, SparkJob.OfNothing(1, SparkHost.Threads, SparkHost.Threads), "first query of a session, no-op");
        yield return new SparkFirstRace(track, Graph(SparkHost.Threads, SparkHost.Threads), "first query of a session, PREDICT");
        yield return new SparkQueryRace(track, SparkJob.OfNothing(1, SmallTasks, SmallTasks), "8 rows in 8 tasks, no-op", "≥ 3 ×");
        yield return new SparkQueryRace(track, Graph(SmallTasks, SmallTasks), "8 rows in 8 tasks, PREDICT", "≥ 3 ×");
        yield return new SparkWorkerRace(track, SparkJob.OfNothing(2, 5L * track.Rows, Tasks), "CPU of workers, no-op, 2 columns, 5 × rows");
        yield return new SparkWorkerRace(track, SparkJob.OfNothing(RaceData.Columns, track.Rows, Tasks), "CPU of workers, no-op, 28 columns");
    }
}
