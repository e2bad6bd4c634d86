namespace MlSql.Cli.Commands;

/// <summary>What the command tells its caller. These numbers never change.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int StatementFailed = 1;
    public const int Usage = 2;
    public const int Connection = 3;
    public const int Limit = 4;
    public const int Interrupted = 130;
    public const int Terminated = 143;

    public static int Of(FailureKind kind) => kind switch
    {
        FailureKind.Connection => Connection,
        FailureKind.Credentials => Usage,
        FailureKind.Limit => Limit,
        _ => StatementFailed,
    };
}
