using System.Text;
using MlSql.Engines.Spark.Text;
using MlSql.Language;

namespace MlSql.UnitTests.Spark.Text;

/// <summary>Rewrites the statements of a script one after another, as one session does, and prints what goes to Spark.</summary>
internal static class ScriptPrint
{
    public static readonly SparkNames Start = new("mlsql_s") { BaseFolder = "/data" };

    public static string Print(string script)
    {
        var text = new StringBuilder();
        SparkNames names = Start;
        foreach (string statement in script.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            text.Append("== ").Append(statement).Append('\n');
            try
            {
                SparkScript spark = SparkRewriter.Rewrite(statement, names);
                Append(text, spark, statement, names);
                names = spark.Names;
            }
            catch (SparkTextException e)
            {
                text.Append(DiagnosticPrinter.Print(statement, new Diagnostic(e.Code, e.At, e.Message, e.Hint)));
            }
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, SparkScript spark, string statement, SparkNames names)
    {
        foreach (SparkText before in spark.Before) Line("before", before.Text);
        if (spark.Write is { } write) Line(write.Append ? "append" : write.Overwrite ? "overwrite" : "write", $"{write.Target} USING {write.Format} OPTIONS ({string.Join(", ", write.Options.Select(o => $"{o.Key} '{o.Value}'"))}) BY ({string.Join(", ", write.PartitionBy)}): {write.Query.Text}");
        else Line(spark.IsQuery ? "rows" : "run", spark.Main is null ? "(nothing)" : spark.Main.Text == statement ? "(as written)" : spark.Main.Text);
        foreach (SparkText after in spark.After) Line("after", after.Text);
        foreach (string drop in spark.DropAtEnd) Line("at end", drop);
        if (spark.LastingView is { } lasting) Line("lasts", $"{lasting.Name}: {lasting.Definition}");
        if (spark.DroppedView is { } dropped) Line("lasts no more", dropped);
        foreach (string gone in names.TempTables.Keys.Except(spark.Names.TempTables.Keys)) Line("forgets", gone);

        void Line(string what, string line) => text.Append(what).Append(": ").Append(line).Append('\n');
    }
}
