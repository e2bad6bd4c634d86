using System.Diagnostics;
using MlSql.Cli.Output;

namespace MlSql.CliTests;

public class ResultStreamTests
{
    [Test]
    public void A_full_disk_is_a_failure_of_the_output()
    {
        if (!File.Exists("/dev/full")) Assert.Ignore("This system has no /dev/full.");
        using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        ResultStream stream = new(full);
        Assert.That(() => stream.Write("x"u8), Throws.TypeOf<OutputFailedException>());
    }

    [Test]
    public void A_reader_that_is_gone_ends_the_help_quietly()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("There is no sh on Windows.");
        ProcessStartInfo start = new("sh") { RedirectStandardError = true, RedirectStandardOutput = true };
        string command = Path.Combine(AppContext.BaseDirectory, "mlsql.dll");
        foreach (string argument in new[] { "-c", $"(sleep 0.5; dotnet exec '{command}' --help; echo $? >&2) | true" }) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Assert.That(process.StandardError.ReadToEnd(), Is.EqualTo("0\n"));
    }
}
