using System.Diagnostics;
using System.Globalization;

namespace MlSql.UnitTests.Scoring;

internal sealed class InstructionSetTests
{
    [TestCase("DOTNET_EnableAVX512", 256)]
    [TestCase("DOTNET_EnableAVX2", 128)]
    [TestCase("DOTNET_EnableHWIntrinsic", 0)]
    public async Task Without_an_instruction_set_every_bit_is_the_same(string setting, int widest)
    {
        string assembly = typeof(StartupHook).Assembly.Location;
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", ["exec", assembly])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
        start.Environment[setting] = "0";
        using var child = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var output = child.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = child.StandardError.ReadToEndAsync(limit.Token);
        await child.WaitForExitAsync(limit.Token);
        Assert.That(await errors, Is.Empty);
        string[] lines = (await output).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(int.Parse(lines[0], CultureInfo.InvariantCulture), Is.LessThanOrEqualTo(widest), "the setting took effect");
        Assert.That(lines[1], Is.EqualTo(ScoreDigest.Compute()));
    }
}
