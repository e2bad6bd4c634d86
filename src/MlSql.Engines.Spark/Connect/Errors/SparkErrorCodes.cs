namespace MlSql.Engines.Spark.Connect.Errors;

/// <summary>Codes of errors that Spark reports or that reaching it meets, MLS62xx. Numbers are never reused.</summary>
internal static class SparkErrorCodes
{
    public const string Failed = "MLS6200";
    public const string Syntax = "MLS6201";
    public const string Analysis = "MLS6202";
    public const string Runtime = "MLS6203";
    public const string Worker = "MLS6204";
    public const string Cancelled = "MLS6205";
    public const string Limit = "MLS6206";
    public const string Unreachable = "MLS6207";
    public const string Token = "MLS6208";
    public const string SessionLost = "MLS6209";
    public const string ConnectionString = "MLS6210";
    public const string Protocol = "MLS6211";
    public const string ServerVersion = "MLS6212";
    public const string Deadline = "MLS6213";
    public const string Artifact = "MLS6214";
    public const string Setting = "MLS6215";
    public const string Type = "MLS6216";
    public const string Tls = "MLS6217";
    public const string Unsupported = "MLS6218";
}
