using System.Security.Cryptography;
using System.Text.Json;
using MlSql.Language;

namespace MlSql;

/// <summary>
/// Does on another core, while the engine opens, what else the first statement waits for: most of it is code and tables that a process makes once, of the parser, of the hashes and of the JSON that models are kept with.
/// Nothing depends on it.
/// </summary>
internal static class Headstart
{
    /// <summary>Begins it and returns.</summary>
    public static void Begin(string script, CancellationToken cancel)
    {
        if (Environment.ProcessorCount > 1) _ = Task.Run(() => Run(script, cancel), cancel);
    }

    private static void Run(string script, CancellationToken cancel)
    {
        // Its first statement; what is wrong with it is said when it is its turn.
        using (IEnumerator<ParseResult> statements = Parser.ParseScript(script, cancel).GetEnumerator()) statements.MoveNext();
        SHA256.HashData([]);
        JsonDocument.Parse("{}").Dispose();
    }
}
