using System.Text;
using MlSql.Cli.Terminal;
using MlSql.Columnar;

namespace MlSql.Cli.Output;

/// <summary>For eyes: plans (of EXPLAIN) as the text they are, every other result as a table.</summary>
internal sealed class ReadableWriter(Stream output, BoxWriter box) : IResultWriter
{
    private bool _isPlan;

    public void Begin(Schema schema)
    {
        _isPlan = schema.Fields is [{ Name: "plan", Type: StringType }] or [{ Name: "explain_key", Type: StringType }, { Name: "explain_value", Type: StringType }];
        if (!_isPlan) box.Begin(schema);
    }

    public void Write(RecordBatch batch)
    {
        if (!_isPlan)
        {
            box.Write(batch);
            return;
        }
        var lines = (TextColumn)batch.Columns[^1];
        for (int row = 0; row < batch.Rows; row++)
            foreach (string line in (lines.Text(row) ?? "").TrimEnd('\n').Split('\n')) output.Write(Encoding.UTF8.GetBytes(TerminalText.EscapeLine(line) + "\n"));
    }

    public void End()
    {
        if (!_isPlan) box.End();
    }

    public void Break()
    {
        if (!_isPlan) box.Break();
    }
}
