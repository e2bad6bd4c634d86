using MlSql.Columnar;

namespace MlSql.Engines.Spark;

/// <summary>The ledger of the engine's own errors and notices, MLS628x; those of the connection are in Connect.</summary>
internal static class EngineErrors
{
    public static CodedException ArchiveMissing(string file) =>
        new("MLS6280", $"The archive that carries models to the executors is missing: {file}", "build MlSql.Cli, or copy the archive beside the program");

    public static CodedException NotOnSpark(string what, string hint) => new("MLS6281", $"Spark cannot do this: {what}", hint);

    public static CodedException OverwritesItsInput(string target) =>
        new("MLS6282", $"The query reads what it would overwrite: {target}", "write to another folder; Spark empties the target before it reads");

    public static CodedException NoServer() =>
        new("MLS6283", "No Spark is known", "give --remote sc://host:port, or set SPARK_REMOTE, or set SPARK_HOME to start a local one");
}

/// <summary>Codes of notices.</summary>
internal static class EngineNotices
{
    /// <summary>TRAIN brings the rows here.</summary>
    public const string RowsTravel = "MLS6290";

    /// <summary>A view ends with the session.</summary>
    public const string ViewOfSession = "MLS6291";

    /// <summary>A relative path is resolved by the server.</summary>
    public const string RelativePath = "MLS6292";
}
