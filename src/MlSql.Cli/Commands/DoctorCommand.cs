using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using MlSql.Cli.Arguments;
using MlSql.Cli.Terminal;

namespace MlSql.Cli.Commands;

/// <summary>Prints what this machine and installation offer, a line a check.</summary>
internal sealed class DoctorCommand(RunSettings settings, bool color)
{
    /// <summary>Writes the report; 1 when a check failed.</summary>
    public async Task<int> RunAsync(TextWriter output, CancellationToken cancel)
    {
        DoctorReport report = await MlSqlSession.DiagnoseAsync(ScriptRun.Options(settings), cancel).ConfigureAwait(false);
        List<DoctorLine> lines = [.. Environs(), .. report.Lines];
        await output.WriteAsync(Print(lines, color)).ConfigureAwait(false);
        await output.FlushAsync(cancel).ConfigureAwait(false);
        return lines.Any(l => l.State == DoctorState.Fail) ? ExitCode.StatementFailed : ExitCode.Success;
    }

    internal static string Print(IReadOnlyList<DoctorLine> lines, bool color)
    {
        StringBuilder text = new();
        int width = lines.Max(l => DisplayWidth.Of(l.Name));
        foreach (DoctorLine line in lines)
        {
            (string word, string code) = line.State switch
            {
                DoctorState.Ok => ("OK  ", "32"),
                DoctorState.Warn => ("WARN", "33"),
                _ => ("FAIL", "31"),
            };
            text.Append(color ? $"\x1b[{code}m{word}\x1b[0m" : word).Append("  ");
            text.Append(TerminalText.EscapeLine(line.Name)).Append(' ', width - DisplayWidth.Of(line.Name) + 2).Append(TerminalText.EscapeLine(line.Value)).Append('\n');
            if (line.Hint is { } hint) text.Append(' ', width + 8).Append("hint: ").Append(TerminalText.EscapeLine(hint)).Append('\n');
        }
        int bad = lines.Count(l => l.State == DoctorState.Fail);
        text.Append(bad == 0 ? "Everything that is needed works.\n" : string.Create(CultureInfo.InvariantCulture, $"{bad} of {lines.Count} checks failed.\n"));
        return text.ToString();
    }

    private static List<DoctorLine> Environs() =>
    [
        new("mlsql", DoctorState.Ok, $"{Versions.MlSql} in {AppContext.BaseDirectory}"),
        new(".NET", DoctorState.Ok, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}"),
        Processor(),
        new("memory", DoctorState.Ok, string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024):0.0} GiB")),
        TemporaryFolder(),
    ];

    private static DoctorLine Processor()
    {
        string cores = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores");
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64) return new("processor", DoctorState.Ok, cores);
        if (Avx512BW.IsSupported) return new("processor", DoctorState.Ok, $"{cores}, AVX2, AVX-512");
        return Avx2.IsSupported
            ? new("processor", DoctorState.Ok, $"{cores}, AVX2, no AVX-512")
            : new("processor", DoctorState.Warn, $"{cores}, no AVX2", "training and scoring work, but several times slower; unset DOTNET_EnableAVX2 or DOTNET_EnableHWIntrinsic if they are 0");
    }

    private static DoctorLine TemporaryFolder()
    {
        string folder = Path.GetTempPath();
        try
        {
            File.Delete(Path.GetTempFileName());
            return new("temp folder", DoctorState.Ok, $"{folder}, writable");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("temp folder", DoctorState.Fail, $"{folder}: {e.Message}", "set TMPDIR to a folder that can be written");
        }
    }
}
