namespace MlSql.Races;

/// <summary>The command mlsql of the Release build, run as a user runs it: a process of its own for a script.</summary>
internal sealed class Command
{
    /// <summary>Why there is none.</summary>
    public const string Missing = "no Release build of src/MlSql.Cli";

    private readonly string _path;

    private Command(string path) => _path = path;

    /// <summary>The command in the repository above, or null.</summary>
    public static Command? Find()
    {
        for (DirectoryInfo? above = new(AppContext.BaseDirectory); above is not null; above = above.Parent)
            if (Path.Combine(above.FullName, "src", "MlSql.Cli", "bin", "Release", "net10.0", OperatingSystem.IsWindows() ? "mlsql.exe" : "mlsql") is var path && File.Exists(path)) return new(path);
        return null;
    }

    /// <summary>Runs statements; models are kept in the folder. Throws when they fail.</summary>
    public async Task<ChildProcess> RunAsync(string statements, string folder, string[] arguments, CancellationToken cancel)
    {
        string script = Path.Combine(folder, "race.sql");
        await File.WriteAllTextAsync(script, statements, cancel);
        return await ChildProcess.RunAsync(new(_path, ["run", script, "--models", Path.Combine(folder, "models"), .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true }, cancel);
    }
}
