using System.Text;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Planning;
using MlSql.Planning.Plans;

namespace MlSql;

/// <summary>Carries out EXPLAIN: prints a stage, or the program with the engine's own plan.</summary>
internal sealed class Explanation(IEngine engine, string source, RunContext context)
{
    /// <summary>The print as rows of one text column, a line a row.</summary>
    public async Task<RecordBatch> PrintAsync(BoundExplain explain, CancellationToken cancel)
    {
        switch (explain.Stage)
        {
            case ExplainStage.Syntax:
                return Lines(StatementPrinter.Print(explain.Syntax, source));
            case ExplainStage.Bound:
                return Lines(PlanPrinter.Print(explain.Inner!));
        }
        var optimized = Optimizer.Optimize(explain.Inner!, engine.Capabilities);
        if (explain.Stage == ExplainStage.Optimized) return Lines(PlanPrinter.Print(optimized));
        var program = engine.Lower(optimized);
        if (explain.Stage == ExplainStage.Program || program.Steps[^1] is not RunSqlStep last) return Lines(program.Print());

        string word = explain.Stage == ExplainStage.Analyze ? "EXPLAIN ANALYZE " : "EXPLAIN ";
        var plan = program with { Steps = program.Steps.SetItem(program.Steps.Length - 1, new RunSqlStep(word + last.Sql)) };
        var print = new StringBuilder(program.Print());
        if (await engine.RunAsync(plan, context, cancel).ConfigureAwait(false) is EngineOutcome.Rows rows)
        {
            await foreach (var batch in rows.Read(cancel).ConfigureAwait(false))
                for (int row = 0; row < batch.Rows; row++) print.Append(((TextColumn)batch.Columns[^1]).Text(row)).Append('\n');
        }
        return Lines(print.ToString());
    }

    private static RecordBatch Lines(string text)
    {
        string[] lines = text.TrimEnd('\n').Split('\n');
        int[] offsets = new int[lines.Length + 1];
        var bytes = new List<byte>();
        for (int i = 0; i < lines.Length; i++)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(lines[i].TrimEnd('\r')));
            offsets[i + 1] = bytes.Count;
        }
        var type = new StringType();
        return new RecordBatch(new Schema([new Field("plan", type)]), [new TextColumn(type, offsets, [.. bytes], lines.Length, null)], lines.Length);
    }
}
