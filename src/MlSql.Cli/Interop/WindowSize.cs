using System.Runtime.InteropServices;

namespace MlSql.Cli.Interop;

/// <summary>The terminal's size, from the kernel.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WindowSize
{
    private const nuint GetWindowSize = 0x5413;

    public ushort Rows;
    public ushort Columns;
    public ushort PixelsWide;
    public ushort PixelsHigh;

    /// <summary>Columns of the terminal behind standard output; 0 when unknown. Console.WindowWidth would switch the terminal's keypad mode, which is more than asking.</summary>
    public static int ColumnsOfOutput()
    {
        if (!OperatingSystem.IsLinux()) return Console.WindowWidth;
        WindowSize size = default;
        return Control(1, GetWindowSize, ref size) == 0 ? size.Columns : 0;
    }

    [DllImport("libc", EntryPoint = "ioctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int file, nuint request, ref WindowSize size);
}
