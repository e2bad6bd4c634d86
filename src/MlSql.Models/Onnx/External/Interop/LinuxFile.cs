using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MlSql.Models.Onnx.External.Interop;

/// <summary>What statx(2) tells of an open file.</summary>
internal readonly record struct FileStatus(uint Mode, uint Links, ulong Inode, ulong Device, long Size)
{
    private const uint Kinds = 0xF000;

    public bool IsFolder => (Mode & Kinds) == 0x4000;

    public bool IsRegular => (Mode & Kinds) == 0x8000;

    public bool IsSymbolicLink => (Mode & Kinds) == 0xA000;

    /// <summary>The kind of file as a message names it.</summary>
    public string Kind => (Mode & Kinds) switch
    {
        0x4000 => "a folder",
        0x1000 => "a named pipe",
        0xC000 => "a socket",
        0x2000 or 0x6000 => "a device",
        0xA000 => "a symbolic link",
        _ => "something else",
    };

    public bool IsSameFile(FileStatus other) => Inode == other.Inode && Device == other.Device;
}

/// <summary>Opens files without following links and without touching what is not a file: first only its place (O_PATH), then, if that is a file, its content.</summary>
internal static partial class LinuxFile
{
    public const int NoEntry = 2;
    public const int NotAFolder = 20;
    private const int Interrupted = 4;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int PlaceOnly = 0x200000;
    private const int EmptyPath = 0x1000;
    private const uint BasicStatus = 0x7FF;

    private static int NoFollow => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>What an error number means, in the system's words.</summary>
    public static string Reason(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>The place of a path, links followed; on failure an invalid handle and errno.</summary>
    public static SafeFileHandle Place(string path, out int error) => Retried(() => Open(path, PlaceOnly | CloseOnExec), out error);

    /// <summary>The place of a name in a folder; a link there is not followed but is itself the place.</summary>
    public static SafeFileHandle Place(SafeFileHandle folder, string name, out int error) => Retried(() => OpenAt(folder, name, PlaceOnly | NoFollow | CloseOnExec), out error);

    /// <summary>The content of a path, links followed.</summary>
    public static SafeFileHandle Content(string path, out int error) => Retried(() => Open(path, NonBlocking | CloseOnExec), out error);

    /// <summary>The content of a name in a folder; a link fails.</summary>
    public static SafeFileHandle Content(SafeFileHandle folder, string name, out int error) => Retried(() => OpenAt(folder, name, NoFollow | NonBlocking | CloseOnExec), out error);

    /// <summary>What an open file is; null with errno set when the system does not tell.</summary>
    public static FileStatus? Status(SafeFileHandle file, out int error)
    {
        error = 0;
        if (StatX(file, "", EmptyPath, BasicStatus, out RawStatus raw) == 0) return new(raw.Mode, raw.Links, raw.Inode, (ulong)raw.DeviceMajor << 32 | raw.DeviceMinor, (long)raw.Size);
        error = Marshal.GetLastPInvokeError();
        return null;
    }

    private static SafeFileHandle Retried(Func<SafeFileHandle> open, out int error)
    {
        while (true)
        {
            SafeFileHandle handle = open();
            error = handle.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
            if (error != Interrupted) return handle;
            handle.Dispose();
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenAt(SafeFileHandle folder, string name, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle folder, string name, int flags, uint mask, out RawStatus status);

    // struct statx of the kernel: the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct RawStatus
    {
        [FieldOffset(16)] public uint Links;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
