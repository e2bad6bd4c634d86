namespace MlSql.Engines.Spark.Connect;

/// <summary>How far an operation is, as the server last said.</summary>
/// <param name="Tasks">Tasks of all stages that the server knows of; grows while later stages are planned.</param>
/// <param name="TasksDone">Of these, finished ones.</param>
/// <param name="TasksRunning">Of these, running ones.</param>
/// <param name="InputBytes">Bytes read from sources.</param>
/// <param name="RowsReceived">Rows of the result that have arrived here.</param>
internal sealed record SparkProgress(long Tasks, long TasksDone, long TasksRunning, long InputBytes, long RowsReceived)
{
    /// <summary>How often the server says so; its own default of 2 s would also be how long an interrupt has to wait for the operation's first stage (<see cref="OperationEnd"/>).</summary>
    public static readonly KeyValuePair<string, string> Interval = new("spark.connect.progress.reportInterval", "250ms");
}
