using System.Runtime.InteropServices;

namespace MlSql.Models.Store.Interop;

/// <summary>link(2): a second name for a file, if that name is free. File.Move without overwriting looks first and renames then, so two processes could both succeed.</summary>
internal static partial class FileLink
{
    private const int NotPermitted = 1;
    private const int Exists = 17;
    private const int NotImplementedLinux = 38;
    private const int NotSupportedLinux = 95;
    private const int NotSupportedMac = 45;

    /// <summary>True when the name was free and is given; false when it was not; null where the file system has no links.</summary>
    public static bool? TryLink(string from, string to)
    {
        if (Link(from, to) == 0) return true;
        int error = Marshal.GetLastPInvokeError();
        return error switch
        {
            Exists => false,
            NotPermitted or NotImplementedLinux or NotSupportedLinux or NotSupportedMac => null,
            _ => throw new IOException($"Cannot give {from} the name {to}: {Marshal.GetPInvokeErrorMessage(error)}", error),
        };
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
