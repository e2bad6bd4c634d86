using System.Globalization;
using MlSql.Engines.Spark.Text;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>
/// Has a prediction that one SELECT asks for in several clauses computed once. Spark computes a function anew in each operator that needs it, and pushes a filter below the projection of any subquery; only what a generator puts out stays
/// where it is, while filters over other columns still go below it. So the call becomes a LATERAL VIEW of one row. Where it is not certain that all the calls mean the same, they stay.
/// So does one whose arguments are packed and that is asked for in WHERE alone: pushed below with the filter, it would not find its list there (<see cref="ProjectedLists"/>).
/// </summary>
internal static class EqualCalls
{
    private const string Column = "__mlsql_once";

    /// <summary>A relation with the columns of <paramref name="source"/> and, as <paramref name="column"/>, what <paramref name="call"/> gives for each of its rows.</summary>
    public static string Attach(string call, string column, string source) => $"(SELECT * FROM {source} {View(call, column)})";

    /// <summary>The statement with equal calls of <paramref name="functions"/> hoisted, and of those that are <paramref name="packed"/> also single ones in WHERE; the statement itself where there are none.</summary>
    public static string Hoist(string sql, IReadOnlySet<string> functions, IReadOnlySet<string> packed)
    {
        if (functions.Count == 0) return sql;
        var tokens = new SqlTokens(sql);
        var edits = new List<(int Start, int End, string Text)>();
        int columns = 0;
        foreach (var block in SelectBlock.Find(tokens))
        {
            var added = new List<string>();
            foreach (var calls in block.Calls(functions).GroupBy(c => c.Text, StringComparer.Ordinal))
            {
                if (!block.MayHoist([.. calls], packed.Contains(tokens.Text(calls.First().First)))) continue;
                string column = string.Create(CultureInfo.InvariantCulture, $"{Column}{++columns}");
                edits.AddRange(calls.Select(c => (tokens.StartOf(c.First), tokens.EndBefore(c.End), column)));
                edits.Add((block.EndOfFrom, block.EndOfFrom, " " + View(sql[tokens.StartOf(calls.First().First)..tokens.EndBefore(calls.First().End)], column)));
                added.Add(column);
            }
            if (added.Count > 0) edits.AddRange(block.Stars.Select(star => star.Listed ? (star.At, star.At, string.Join(", ", added) + ", ") : (star.At, star.At, $" EXCLUDE ({string.Join(", ", added)})")));
        }
        return TextEdits.Apply(sql, edits);
    }

    private static string View(string call, string column) => $"LATERAL VIEW explode(array({call})) {column}_view AS {column}";
}
