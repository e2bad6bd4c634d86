using Microsoft.Win32.SafeHandles;

namespace MlSql.Cli.Output;

/// <summary>The data's way out.</summary>
internal static class StandardOutput
{
    /// <summary>
    /// Opens standard output unbuffered. The console's own stream hides that a pipe's reader is gone, so that a query would run to its end for nobody; a plain
    /// file stream says so, but keeps its own position, which is wrong for a file that standard error writes to as well.
    /// </summary>
    public static Stream Open() => new ResultStream(OpenRaw());

    private static Stream OpenRaw()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.OpenStandardOutput();
        FileStream file = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return file.CanSeek ? Console.OpenStandardOutput() : file;
    }
}
