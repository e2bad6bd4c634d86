using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

/// <summary>The command as a process, in the middle of a long query: Ctrl+C, and what a terminal shows.</summary>
[UnsupportedOSPlatform("windows")]
public class CommandSignalTests
{
    // More tasks than the server has slots, of minutes each, and no row of any.
    private const string Endless = "SELECT count(*) AS n FROM range(0, 1000000000000, 1, 64) WHERE hash(id) = 42";

    private Mlsql _mlsql = null!;
    private string _address = "";

    [SetUp]
    public void Prepare()
    {
        _mlsql = new() { Patience = TimeSpan.FromSeconds(120) };
        _mlsql.Environment["SPARK_REMOTE"] = null;
        var server = SparkRig.Server();
        _address = string.Create(CultureInfo.InvariantCulture, $"sc://127.0.0.1:{server.Port}/;token={server.Token}");
    }

    [TearDown]
    public void CleanUp() => _mlsql.Dispose();

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    public void A_signal_ends_the_command_and_its_query_on_the_server(string signal, int exitCode)
    {
        using Process process = _mlsql.Start("-c", "SELECT 1 AS ready", "-c", Endless, "--remote", _address);
        process.StandardInput.Close();
        Assert.That(process.StandardOutput.ReadLine(), Is.EqualTo("ready"));
        Assert.That(() => Processes.WorksIn(SparkRig.Server().ProcessId, "Executor task l"), Is.True.After(60_000, 100), "tasks run");
        Assert.That(process.HasExited, Is.False);
        Stopwatch watch = Stopwatch.StartNew();
        using (Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)])) kill.WaitForExit();
        Assert.That(process.WaitForExit(TimeSpan.FromSeconds(20)), Is.True);
        TestContext.Out.WriteLine($"{signal}: gone after {watch.Elapsed.TotalSeconds:F2} s");
        Assert.That(process.ExitCode, Is.EqualTo(exitCode));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(4)), "two seconds, and what a busy machine adds");
        Assert.That(process.StandardError.ReadToEnd(), Does.Not.Contain("   at ").And.Not.Contain("MLS"));

        // Every slot of the server was taken: this one gets an answer only when they are free again.
        Assert.That(_mlsql.Run("-c", "SELECT sum(id) AS n FROM range(0, 1000, 1, 8)", "--remote", _address), Is.EqualTo(new Outcome(0, "n\n499500\n", "")));
    }

    [Test]
    public void Progress_on_a_terminal_fits_and_goes_away()
    {
        const string Script = "/usr/bin/script";
        if (!File.Exists(Script)) Assert.Ignore($"There is no {Script} to make a terminal with.");
        string command = $"stty cols 80; dotnet exec {Path.Combine(AppContext.BaseDirectory, "mlsql.dll")} -c 'SELECT count(*) AS n FROM range(0, 4000000000, 1, 24) WHERE hash(id) = 42' --remote '{_address}'";
        ProcessStartInfo start = new(Script, ["-q", "-e", "-c", command, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        start.Environment["TERM"] = "xterm";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment.Remove("COLUMNS");
        using Process process = Process.Start(start)!;
        try
        {
            string text = process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(120)).GetAwaiter().GetResult();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, text);
            string[] drawn = [.. text.Split('\r', '\n').Where(l => l.Contains("query", StringComparison.Ordinal)).Select(l => l.Replace("\x1b[K", "", StringComparison.Ordinal))];
            TestContext.Out.WriteLine(string.Join('\n', drawn.Take(3)));
            Assert.That(drawn, Is.Not.Empty);
            Assert.That(drawn.Select(l => l.Length), Is.All.LessThan(80));
            Assert.That(drawn, Has.Some.Match(@"^query  [█░]{16} +\d+%  \d+/\d+ tasks"));
            Assert.That(text.LastIndexOf("\r\x1b[K", StringComparison.Ordinal), Is.GreaterThan(text.LastIndexOf("tasks", StringComparison.Ordinal)), "erased before the result");
            Assert.That(text, Does.Contain("(1 row)"));
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
