using MlSql.Columnar;

namespace MlSql.Engines.Spark;

/// <summary>The ledger of the engine's own errors, MLS629x; those of the connection, the text and the server stand in their folders.</summary>
internal static class EngineErrors
{
    public static CodedException OverwritesItsInput(string target, string input) =>
        new("MLS6290", $"COPY would write over {target}, and its own query reads {input}", "write to another place");

    public static CodedException NoAnalyze() =>
        new("MLS6292", "Spark explains a statement, and does not measure it while it runs", "use EXPLAIN, and look at the query in Spark's own pages");

    public static CodedException OverwritesFolder(string target) =>
        new("MLS6294", $"COPY would empty {target}, which holds other files than Spark's", "write to a new folder, or say OVERWRITE");

    /// <summary>Spark runs no function of a worker there; which it says in words about Python.</summary>
    public static CodedException NoPredictionThere(string models, string place, string way) =>
        new("MLS6293", $"On Spark a prediction of {models} cannot stand {place}", way);
}
