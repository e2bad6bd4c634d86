namespace MlSql.Cli.Output;

/// <summary>How a table is drawn and how wide it may get.</summary>
internal sealed record BoxLook(int Width, bool Unicode, bool Color)
{
    public string Mark => Unicode ? "…" : "...";

    public string Dots => Unicode ? "·" : ".";

    public string Vertical => Unicode ? "│" : "|";

    public string Horizontal => Unicode ? "─" : "-";

    public (string Left, string Middle, string Right) Top => Unicode ? ("┌", "┬", "┐") : ("+", "+", "+");

    public (string Left, string Middle, string Right) Rule => Unicode ? ("├", "┼", "┤") : ("+", "+", "+");

    public (string Left, string Middle, string Right) Bottom => Unicode ? ("└", "┴", "┘") : ("+", "+", "+");

    public string Bold(string text) => Color ? $"\x1b[1m{text}\x1b[0m" : text;

    public string Dim(string text) => Color ? $"\x1b[2m{text}\x1b[0m" : text;
}
