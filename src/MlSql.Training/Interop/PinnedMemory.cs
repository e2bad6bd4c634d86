using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlSql.Training.Interop;

/// <summary>Arrays that the collector does not move, so that where they lie can be chosen and told to the kernel.</summary>
internal static unsafe partial class PinnedMemory
{
    /// <summary>Bytes of a cache line: a vector that lies across two of them takes two reads.</summary>
    public const int Line = 64;

    private const int HugePagesAdvice = 14;
    private const nuint SmallPage = 4096;

    /// <summary>Doubles, all 0, that begin on a cache line.</summary>
    public static Memory<double> Doubles(int count)
    {
        double[] array = GC.AllocateArray<double>(count + Line / sizeof(double), pinned: true);
        return array.AsMemory(LineStart(ref Unsafe.As<double, byte>(ref MemoryMarshal.GetArrayDataReference(array))) / sizeof(double), count);
    }

    /// <summary>Bytes that hold anything, on large pages where the system has them (Linux).</summary>
    public static (byte[] Bytes, int LineStart) Large(int count)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(count, pinned: true);
        ref byte first = ref MemoryMarshal.GetArrayDataReference(bytes);
        if (OperatingSystem.IsLinux())
        {
            nuint address = (nuint)Unsafe.AsPointer(ref first), start = (address + SmallPage - 1) & ~(SmallPage - 1), end = (address + (nuint)count) & ~(SmallPage - 1);
            // Advice only: a kernel without large pages refuses, and small ones do.
            if (end > start) _ = Advise((void*)start, end - start, HugePagesAdvice);
        }
        return (bytes, LineStart(ref first));
    }

    private static int LineStart(ref byte first) => (int)(Line - (nuint)Unsafe.AsPointer(ref first) % Line) % Line;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
