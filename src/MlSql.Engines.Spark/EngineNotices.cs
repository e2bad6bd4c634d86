namespace MlSql.Engines.Spark;

/// <summary>Codes of the engine's notices, MLS628x.</summary>
internal static class EngineNotices
{
    /// <summary>The server runs a Spark that was not tested.</summary>
    public const string ServerVersion = "MLS6280";

    /// <summary>TRAIN brings the rows here.</summary>
    public const string RowsTravel = "MLS6281";

    /// <summary>A view that was kept cannot be made again.</summary>
    public const string KeptView = "MLS6282";

    /// <summary>A setting was refused.</summary>
    public const string Setting = "MLS6283";
}
