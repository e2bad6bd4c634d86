using System.Runtime.InteropServices;
using System.Text;

namespace MlSql.Worker.Interop;

/// <summary>One socket that is looked at, and what was seen.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int Descriptor;
    public short Wanted;
    public short Seen;
}

/// <summary>The calls of the C library that .NET has no words for.</summary>
internal static unsafe partial class Posix
{
    public const short Readable = 0x1;
    public const short Writable = 0x4;
    private const short Error = 0x8;
    private const short HungUp = 0x10;
    private const short Invalid = 0x20;
    private const short PeerClosed = 0x2000;

    /// <summary>What to ask for to learn that the other side is gone, also behind bytes that were not read yet; other systems than Linux tell it only once those are read.</summary>
    public static short Ends { get; } = OperatingSystem.IsLinux() ? PeerClosed : (short)0;

    /// <summary>True when what was seen says that the other side is gone.</summary>
    public static bool IsEnd(short seen) => (seen & (Error | HungUp | Invalid | Ends)) != 0;

    /// <summary>Waits until something is seen at one of the sockets, or so long; false when nothing was.</summary>
    public static bool Wait(Span<PollEntry> entries, int milliseconds)
    {
        fixed (PollEntry* first = entries) return Poll(first, (nuint)entries.Length, milliseconds) > 0;
    }

    /// <summary>Puts this process at the head of a process group of its own, so that what a terminal sends to its parent's does not reach it.</summary>
    public static void LeadOwnGroup() => _ = SetProcessGroup(0, 0);

    /// <summary>Ends this process at once, whatever its threads do.</summary>
    public static void ExitNow(int code) => Exit(code);

    /// <summary>Sets a variable where programs that this one becomes will find it; .NET's own setter changes only a managed copy.</summary>
    public static void SetVariable(string name, string value)
    {
        fixed (byte* key = Terminated(name), text = Terminated(value))
        {
            if (SetEnvironmentVariable(key, text, 1) != 0) throw new InvalidOperationException("setenv failed.");
        }
    }

    /// <summary>Becomes another program, found along PATH; returns only when that is not possible, with the reason's number.</summary>
    public static int Become(string program, ReadOnlySpan<string> arguments)
    {
        var texts = new byte[arguments.Length + 1][];
        texts[0] = Terminated(program);
        for (int i = 0; i < arguments.Length; i++) texts[i + 1] = Terminated(arguments[i]);
        // Pinned for good: either this program ends here or the caller does.
        var pointers = new nint[texts.Length + 1];
        for (int i = 0; i < texts.Length; i++) pointers[i] = GCHandle.Alloc(texts[i], GCHandleType.Pinned).AddrOfPinnedObject();
        fixed (nint* list = pointers) _ = Execute((byte*)pointers[0], (byte**)list);
        return Marshal.GetLastPInvokeError();
    }

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "setpgid")]
    private static partial int SetProcessGroup(int process, int group);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "setenv")]
    private static partial int SetEnvironmentVariable(byte* name, byte* value, int overwrite);

    [LibraryImport("libc", EntryPoint = "execvp", SetLastError = true)]
    private static partial int Execute(byte* program, byte** arguments);
}
