using System.Text;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>Stretches of a statement with what is to stand there.</summary>
internal static class TextEdits
{
    /// <summary>The statement with all of them carried out; those of one place in the order they are given in. None may overlap another.</summary>
    public static string Apply(string sql, IReadOnlyList<(int Start, int End, string Text)> edits)
    {
        if (edits.Count == 0) return sql;
        var text = new StringBuilder();
        int at = 0;
        foreach (var (start, end, words) in edits.OrderBy(e => e.Start))
        {
            text.Append(sql, at, start - at).Append(words);
            at = end;
        }
        return text.Append(sql, at, sql.Length - at).ToString();
    }
}
