using System.Globalization;

namespace MlSql.Cli.Output;

/// <summary>Prints numbers: exactly for files, to seven significant digits for eyes.</summary>
internal static class NumberText
{
    /// <summary>The shortest text that reads back to the same number, always with a point or an exponent; nan, inf and -inf as the engine reads them.</summary>
    public static void AppendExact<T>(Utf8Buffer into, T value) where T : System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        if (T.IsFinite(value))
        {
            string text = value.ToString("R", CultureInfo.InvariantCulture);
            into.Append(text.Contains('E', StringComparison.Ordinal) ? text.Replace("E", "e", StringComparison.Ordinal) : text.Contains('.', StringComparison.Ordinal) ? text : text + ".0");
        }
        else into.Append(T.IsNaN(value) ? "nan"u8 : T.IsPositive(value) ? "inf"u8 : "-inf"u8);
    }

    /// <summary>The exact text while it is short, else about seven significant digits.</summary>
    public static void AppendReadable<T>(Utf8Buffer into, T value) where T : System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        int start = into.Length;
        AppendExact(into, value);
        if (into.Length - start <= 12 || !T.IsFinite(value)) return;
        into.Truncate(start);
        double number = double.CreateTruncating(value);
        double size = Math.Abs(number);
        if (size is < 1e-5 or >= 1e15)
        {
            into.Append(number.ToString("0.######e+00", CultureInfo.InvariantCulture));
            return;
        }
        int decimals = Math.Clamp(6 - (int)Math.Floor(Math.Log10(size)), 1, 11);
        string text = number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).TrimEnd('0');
        into.Append(text.EndsWith('.') ? text + "0" : text);
    }

    /// <summary>An exact decimal from its digits without the point.</summary>
    public static void AppendDecimal(Utf8Buffer into, Int128 unscaled, int scale)
    {
        bool negative = unscaled < 0;
        UInt128 size = negative ? UInt128.Zero - (UInt128)unscaled : (UInt128)unscaled;
        Span<byte> digits = stackalloc byte[48];
        size.TryFormat(digits, out int count, provider: CultureInfo.InvariantCulture);
        if (negative) into.Append((byte)'-');
        int whole = count - scale;
        if (whole > 0) into.Append(digits[..whole]);
        else into.Append((byte)'0');
        if (scale == 0) return;
        into.Append((byte)'.');
        for (int zero = whole; zero < 0; zero++) into.Append((byte)'0');
        into.Append(digits[Math.Max(whole, 0)..count]);
    }
}
