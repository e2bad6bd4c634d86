using Microsoft.Win32.SafeHandles;

namespace MlSql.Cli.Output;

/// <summary>The ways out: standard output for data, standard error for all else. Unbuffered.</summary>
internal static class StandardOutput
{
    public static Stream Open() => new ResultStream(OpenFile(1, Console.OpenStandardOutput));

    public static Stream OpenError() => OpenFile(2, Console.OpenStandardError);

    /// <summary>
    /// The console's own streams write the terminal's keypad code first, and hide that a pipe's reader is gone, so that a query would run to its end for nobody. A plain file stream
    /// does neither, but keeps its own position, which is wrong for a file that both standard streams write to.
    /// </summary>
    private static Stream OpenFile(int number, Func<Stream> openConsole)
    {
        if (OperatingSystem.IsWindows()) return openConsole();
        FileStream file = new(new SafeFileHandle(number, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return file.CanSeek ? openConsole() : file;
    }
}
