using System.Collections;
using MlSql.Cli.Arguments;
using MlSql.Cli.Interop;

namespace MlSql.Cli.Terminal;

/// <summary>What the two standard streams lead to, found without asking the terminal anything.</summary>
internal sealed record Screen(bool OutputIsTerminal, bool ErrorIsTerminal, bool IsDumb, bool Unicode, int Width, bool NoColor)
{
    private const int UnknownWidth = 80;

    public static Screen Detect()
    {
        IDictionary environment = Environment.GetEnvironmentVariables();
        string? Get(string name) => environment[name] as string is { Length: > 0 } value ? value : null;
        bool output = !Console.IsOutputRedirected;
        bool dumb = Get("TERM") is null or "dumb" && !OperatingSystem.IsWindows();
        string locale = Get("LC_ALL") ?? Get("LC_CTYPE") ?? Get("LANG") ?? "";
        bool utf8 = OperatingSystem.IsWindows() || locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
        return new(output, !Console.IsErrorRedirected, dumb, utf8 && Get("TERM") != "dumb", WidthOf(output, Get("COLUMNS")), Get("NO_COLOR") is not null);
    }

    /// <summary>Whether a stream is coloured: as chosen, else on a terminal that can, unless NO_COLOR is set.</summary>
    public bool Colors(ColorChoice choice, bool isTerminal) => choice switch
    {
        ColorChoice.Always => true,
        ColorChoice.Never => false,
        _ => isTerminal && !IsDumb && !NoColor,
    };

    private static int WidthOf(bool isTerminal, string? columns)
    {
        if (int.TryParse(columns, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int wished) && wished >= 10) return wished;
        if (!isTerminal) return UnknownWidth;
        int width = WindowSize.ColumnsOfOutput();
        return width >= 10 ? width : UnknownWidth;
    }
}
