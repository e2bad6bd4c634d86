using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.Engines.Spark.Connect;

/// <summary>What became of a statement: <paramref name="Result"/> gives its rows when it is run; <paramref name="Executed"/> when the statement itself has been run, false for a query, which runs when its rows are asked for.</summary>
internal sealed record SqlAnswer(Relation Result, bool Executed);
