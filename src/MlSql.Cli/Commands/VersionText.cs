using System.Runtime.InteropServices;

namespace MlSql.Cli.Commands;

/// <summary>What "version" prints.</summary>
internal static class VersionText
{
    public static string Line => $"mlsql {Versions.MlSql} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})";
}
