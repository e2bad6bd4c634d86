using System.Globalization;

namespace MlSql.Cli.Output;

/// <summary>Bytes of text that grow at the end.</summary>
internal sealed class Utf8Buffer
{
    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Forgets what stands behind the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length) => Length = length;

    public void Append(byte value)
    {
        if (Length == _bytes.Length) Grow(1);
        _bytes[Length++] = value;
    }

    public void Append(ReadOnlySpan<byte> text)
    {
        if (_bytes.Length - Length < text.Length) Grow(text.Length);
        text.CopyTo(_bytes.AsSpan(Length));
        Length += text.Length;
    }

    public void Append(string text)
    {
        int needed = System.Text.Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_bytes.Length - Length < needed) Grow(needed);
        Length += System.Text.Encoding.UTF8.GetBytes(text, _bytes.AsSpan(Length));
    }

    /// <summary>Writes a number without culture.</summary>
    public void AppendNumber<T>(T value, ReadOnlySpan<char> format = default) where T : IUtf8SpanFormattable
    {
        int written;
        while (!value.TryFormat(_bytes.AsSpan(Length), out written, format, CultureInfo.InvariantCulture)) Grow(64);
        Length += written;
    }

    public override string ToString() => System.Text.Encoding.UTF8.GetString(Written);

    private void Grow(int needed) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, checked(Length + needed)));
}
