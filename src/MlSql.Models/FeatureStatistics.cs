namespace MlSql.Models;

/// <summary>
/// What the training rows held in one feature column: smallest, largest, mean, lower median and population deviation of numbers (dates as days since 1970-01-01), distinct levels of text, NULLs, and the length of lists.
/// What does not apply is null.
/// </summary>
public sealed record FeatureStatistics(string Input, double? Min, double? Max, double? Mean, double? Median, double? Deviation, long? Categories, long Nulls, long? Dimension);
