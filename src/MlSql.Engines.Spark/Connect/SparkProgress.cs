namespace MlSql.Engines.Spark.Connect;

/// <summary>How far an operation is, as the server last said.</summary>
/// <param name="Tasks">Tasks of all stages that the server knows of; grows while later stages are planned.</param>
/// <param name="TasksDone">Of these, finished ones.</param>
/// <param name="TasksRunning">Of these, running ones.</param>
/// <param name="InputBytes">Bytes read from sources.</param>
/// <param name="RowsReceived">Rows of the result that have arrived here.</param>
internal sealed record SparkProgress(long Tasks, long TasksDone, long TasksRunning, long InputBytes, long RowsReceived);
