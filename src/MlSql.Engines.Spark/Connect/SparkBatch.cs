namespace MlSql.Engines.Spark.Connect;

/// <summary>Some rows of a result: one whole Arrow IPC stream (schema, one record batch, end), of <paramref name="Rows"/> rows.</summary>
internal readonly record struct SparkBatch(ReadOnlyMemory<byte> Stream, long Rows);
