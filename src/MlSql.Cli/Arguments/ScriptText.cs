using System.Text;

namespace MlSql.Cli.Arguments;

/// <summary>A script to run: what messages call it, its text, and the folder that :'script_dir' stands for.</summary>
internal sealed record Script(string Name, string Text, string Folder);

/// <summary>Reads scripts.</summary>
internal static class ScriptText
{
    private const int LongestMebibytes = 64;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads one input whole. Throws <see cref="UsageException"/> when it is missing or no text.</summary>
    public static async Task<Script> ReadAsync(Input input, CancellationToken cancel)
    {
        string here = Directory.GetCurrentDirectory();
        switch (input.Kind)
        {
            case InputKind.Statement:
                return new("-c", input.Text, here);
            case InputKind.StandardInput:
                await using (Stream stdin = Console.OpenStandardInput())
                    return new("standard input", Decode("standard input", await ReadAllAsync("standard input", stdin, cancel).ConfigureAwait(false)), here);
            default:
                return await ReadFileAsync(input.Text, cancel).ConfigureAwait(false);
        }
    }

    private static async Task<Script> ReadFileAsync(string path, CancellationToken cancel)
    {
        if (Directory.Exists(path)) throw Usage.ScriptIsFolder(path);
        if (!File.Exists(path)) throw Usage.ScriptMissing(path, NeighboursOf(path));
        try
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = await ReadAllAsync(path, file, cancel).ConfigureAwait(false);
            return new(path, Decode(path, bytes), Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Usage.ScriptUnreadable(path, e.Message);
        }
    }

    private static async Task<byte[]> ReadAllAsync(string name, Stream stream, CancellationToken cancel)
    {
        using MemoryStream bytes = new();
        byte[] block = new byte[64 * 1024];
        while (true)
        {
            // A read of a terminal cannot be cancelled, but it can be left behind.
            int read = await stream.ReadAsync(block, cancel).AsTask().WaitAsync(cancel).ConfigureAwait(false);
            if (read == 0) return bytes.ToArray();
            bytes.Write(block, 0, read);
            if (bytes.Length > LongestMebibytes * 1024L * 1024) throw Usage.ScriptTooLong(name, LongestMebibytes);
        }
    }

    private static string Decode(string name, byte[] bytes)
    {
        ReadOnlySpan<byte> text = bytes;
        if (text.StartsWith(Encoding.UTF8.Preamble)) text = text[Encoding.UTF8.Preamble.Length..];
        int zero = text.IndexOf((byte)0);
        if (zero >= 0) throw Usage.ScriptNotText(name, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"a zero byte at {zero}"));
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw Usage.ScriptNotText(name, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"a wrong byte at {e.Index}"));
        }
    }

    private static IEnumerable<string> NeighboursOf(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Take(1000).Select(Path.GetFileName).OfType<string>() : [];
    }
}
