namespace MlSql.Training.Rows;

/// <summary>Rows of one part that lie one after another in a store.</summary>
/// <param name="Store">Which store.</param>
/// <param name="Start">The first of them among the store's rows of that part.</param>
/// <param name="Count">How many.</param>
internal readonly record struct RowRun(int Store, long Start, long Count);
