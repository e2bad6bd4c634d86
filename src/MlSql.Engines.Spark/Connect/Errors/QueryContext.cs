namespace MlSql.Engines.Spark.Connect.Errors;

/// <summary>The part of a statement that an error is about.</summary>
/// <param name="ObjectType">VIEW and the like; empty for the statement itself.</param>
/// <param name="ObjectName">The view's name; empty for the statement itself.</param>
/// <param name="Start">The first character, from 0.</param>
/// <param name="Stop">The last character, from 0; less than <paramref name="Start"/> when unknown.</param>
/// <param name="Fragment">The text itself.</param>
internal sealed record QueryContext(string ObjectType, string ObjectName, int Start, int Stop, string Fragment);
