using System.Diagnostics;

namespace MlSql.UnitTests.Columnar.Ipc;

/// <summary>Runs arrow_peer.py; skips the test with the reason where there is no pyarrow.</summary>
internal static class ArrowPeer
{
    /// <summary>What the script printed, a line each, without the first, which is pyarrow's version.</summary>
    public static string[] Run(params string[] arguments)
    {
        string script = TestData.Shared("peers", "peers-home.sh");
        if (!File.Exists(script)) Assert.Ignore($"No peers at {script}.");
        var (status, home) = Start("bash", [script], null);
        if (status != 0) Assert.Ignore($"{script} found no peers: {home}");
        var (python, version) = Start("python3.11", ["-c", "import pyarrow"], home.Trim());
        if (python != 0) Assert.Ignore($"No pyarrow in python3.11: {version}");
        string peer = Path.Combine(TestData.Root, "tests", "MlSql.UnitTests", "Columnar", "Ipc", "arrow_peer.py");
        var (code, said) = Start("python3.11", [peer, .. arguments], home.Trim());
        Assert.That(code, Is.Zero, said);
        string[] lines = said.TrimEnd().Split('\n');
        TestContext.Out.WriteLine(lines[0]);
        return lines[1..];
    }

    private static (int Status, string Output) Start(string program, string[] arguments, string? pythonPath)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        if (pythonPath is not null) start.Environment["PYTHONPATH"] = pythonPath;
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(3)))
            {
                process.Kill(entireProcessTree: true);
                return (-1, $"{program} did not end within 3 minutes");
            }
            return (process.ExitCode, process.ExitCode == 0 ? output.Result : output.Result + errors.Result);
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            return (-1, fault.Message);
        }
    }
}
