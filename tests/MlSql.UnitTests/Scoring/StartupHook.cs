using System.Runtime.Intrinsics;
using MlSql.UnitTests.Scoring;
using MlSql.UnitTests.Scoring.Onnx;

/// <summary>
/// Runs before Main in a process started with DOTNET_STARTUP_HOOKS naming this assembly, does what MLSQL_TEST_TASK names (else: prints the widest accelerated vectors and the digest), and ends.
/// The runtime asks for this name, without a namespace.
/// </summary>
internal static class StartupHook
{
    public const string TaskVariable = "MLSQL_TEST_TASK";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(TaskVariable) == TelemetryTests.ScoreTask)
        {
            TelemetryTests.Score();
        }
        else
        {
            Console.Out.WriteLine(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0);
            Console.Out.WriteLine(ScoreDigest.Compute());
        }
        Environment.Exit(0);
    }
}
