using System.Diagnostics;

namespace MlSql.CliTests;

/// <summary>What a run of the command left behind.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error);

/// <summary>Starts the built command as a child process, in an empty folder of its own.</summary>
internal sealed class Mlsql : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("mlsql").FullName;

    public Dictionary<string, string?> Environment { get; } = new() { ["MLSQL_MODELS"] = null, ["NO_COLOR"] = null, ["COLUMNS"] = null, ["LC_ALL"] = "C.UTF-8" };

    /// <summary>How long a run may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    private readonly List<Process> _started = [];

    public Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet")
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "mlsql.dll")).Prepend("exec")) start.ArgumentList.Add(argument);
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        _started.Add(Process.GetProcessById(process.Id));
        return process;
    }

    public Outcome Run(params string[] arguments) => RunWith("", arguments);

    public Outcome RunWith(string input, params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command may end without reading its input.
        }
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"mlsql {string.Join(' ', arguments)} did not end within {Patience.TotalSeconds} s");
        }
        return new(process.ExitCode, output.Result, error.Result);
    }

    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Ends what a failed test left running.</summary>
    public void Dispose()
    {
        foreach (Process process in _started)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.Dispose();
        }
        Directory.Delete(Folder, recursive: true);
    }
}
