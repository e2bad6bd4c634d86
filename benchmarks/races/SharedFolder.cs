using System.Diagnostics;

namespace MlSql.Races;

/// <summary>The folder "shared" that lies beside the repository on machines that are set up for it: fixtures, Spark, Python's packages.</summary>
internal static class SharedFolder
{
    /// <summary>A path in it; where there is none, one that does not exist.</summary>
    public static string Path(params ReadOnlySpan<string> parts)
    {
        string within = System.IO.Path.Combine(parts);
        for (DirectoryInfo? above = new(AppContext.BaseDirectory); above is not null; above = above.Parent)
            if (System.IO.Path.Combine(above.FullName, "shared", within) is var found && System.IO.Path.Exists(found)) return found;
        return System.IO.Path.Combine(AppContext.BaseDirectory, "shared", within);
    }

    /// <summary>What a script in it prints; null where it is not there, or fails.</summary>
    public static string? Ask(params ReadOnlySpan<string> parts)
    {
        string script = Path(parts);
        if (!File.Exists(script)) return null;
        using var process = Process.Start(new ProcessStartInfo("bash", [script]) { RedirectStandardOutput = true })!;
        string printed = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? printed : null;
    }
}
