namespace MlSql.Engines.DuckDb.Database;

/// <summary>How far a statement is: the fraction from 0 to 1, null when the engine cannot tell; rows read so far and in all, as the engine estimates them.</summary>
internal readonly record struct EngineProgress(double? Fraction, long Rows, long TotalRows);
