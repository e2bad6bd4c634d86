using Microsoft.Win32.SafeHandles;

namespace MlSql.Cli.Output;

/// <summary>The data's way out.</summary>
internal static class StandardOutput
{
    /// <summary>
    /// Opens standard output unbuffered. The console's own stream hides that a pipe's reader is gone, so that a query would run to its end for nobody; a plain
    /// file stream says so, but keeps its own position, which is wrong for a file that standard error writes to as well.
    /// </summary>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.OpenStandardOutput();
        FileStream file = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return file.CanSeek ? Console.OpenStandardOutput() : file;
    }

    /// <summary>True when the reader of our output is gone (EPIPE).</summary>
    public static bool IsClosedPipe(Exception e) => e is IOException && (e.HResult & 0xFFFF) is 32 or 109 or 232;
}
