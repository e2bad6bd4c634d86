using System.Runtime.InteropServices;

namespace MlSql.Models.Store.Interop;

/// <summary>fsync of a folder. On Windows a no-op: NTFS journals entries itself, and offers no call for it.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;
    private const int Interrupted = 4;
    private const int InvalidArgument = 22;
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;

    public static bool IsWouldBlock(int error) => error == (OperatingSystem.IsMacOS() ? WouldBlockMac : WouldBlockLinux);

    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor;
        while ((descriptor = Open(path, ReadOnly | (OperatingSystem.IsMacOS() ? CloseOnExecMac : CloseOnExecLinux))) < 0)
            if (Marshal.GetLastPInvokeError() != Interrupted) throw Error("open", path);
        try
        {
            // Some network file systems cannot sync a folder and say EINVAL; there is nothing more to be had from them.
            if (Fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument) throw Error("sync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Error(string what, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new($"Cannot {what} the folder {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
