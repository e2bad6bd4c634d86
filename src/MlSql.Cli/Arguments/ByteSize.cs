using System.Globalization;

namespace MlSql.Cli.Arguments;

/// <summary>Reads sizes such as 512MB, 2GiB, 1.5g, 800000000.</summary>
internal static class ByteSize
{
    /// <summary>Bytes; KB, MB, GB, TB (or k, m, g, t) are powers of 1,000, KiB … TiB of 1,024; without a unit bytes. False for anything else, also for nothing and less than one byte.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        ReadOnlySpan<char> number = text.AsSpan().Trim();
        int digits = 0;
        while (digits < number.Length && (char.IsAsciiDigit(number[digits]) || number[digits] == '.')) digits++;
        decimal? factor = Factor(number[digits..].Trim().ToString().ToUpperInvariant());
        if (factor is null || !decimal.TryParse(number[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount)) return false;
        if (amount > long.MaxValue / factor.Value) return false;
        bytes = (long)(amount * factor.Value);
        return bytes > 0;
    }

    private static decimal? Factor(string unit) => unit switch
    {
        "" or "B" => 1m,
        "K" or "KB" => 1e3m,
        "M" or "MB" => 1e6m,
        "G" or "GB" => 1e9m,
        "T" or "TB" => 1e12m,
        "KIB" => 1024m,
        "MIB" => 1024m * 1024,
        "GIB" => 1024m * 1024 * 1024,
        "TIB" => 1024m * 1024 * 1024 * 1024,
        _ => null,
    };
}
