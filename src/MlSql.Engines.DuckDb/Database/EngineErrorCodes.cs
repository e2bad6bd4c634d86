namespace MlSql.Engines.DuckDb.Database;

/// <summary>The codes of the binding's errors, each for exactly one thing. MLS6010 and MLS6011 are of the columns' room.</summary>
internal static class EngineErrorCodes
{
    public const string LibraryMissing = "MLS6001";
    public const string LibraryUnusable = "MLS6002";
    public const string NotADatabase = "MLS6003";
    public const string DatabaseFromNewerVersion = "MLS6004";
    public const string DatabaseLocked = "MLS6005";
    public const string DatabaseFolderMissing = "MLS6006";
    public const string DatabaseAccessDenied = "MLS6007";
    public const string DatabaseCannotOpen = "MLS6008";
    public const string DatabaseOptionInvalid = "MLS6009";
    public const string Syntax = "MLS6012";
    public const string NameUnknown = "MLS6013";
    public const string BindingFailed = "MLS6014";
    public const string ValueInvalid = "MLS6015";
    public const string ConstraintViolated = "MLS6016";
    public const string TransactionFailed = "MLS6017";
    public const string MemoryExceeded = "MLS6018";
    public const string FileFailed = "MLS6019";
    public const string AccessDenied = "MLS6020";
    public const string NotImplemented = "MLS6021";
    public const string ExtensionMissing = "MLS6022";
    public const string EngineBroken = "MLS6023";
    public const string EngineFailed = "MLS6024";
    public const string FunctionFailed = "MLS6025";
    public const string TableFileMissing = "MLS6026";
    public const string TableFileKindUnknown = "MLS6027";
    public const string TypeNotSupported = "MLS6028";
    public const string SeveralStatements = "MLS6029";
    public const string TextContainsNul = "MLS6030";
    public const string FunctionTextInvalid = "MLS6031";
    public const string FunctionRefused = "MLS6032";
    public const string ResultSuperseded = "MLS6033";
    public const string ParametersNotAllowed = "MLS6034";
}
