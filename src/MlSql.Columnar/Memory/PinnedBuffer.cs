using System.Numerics;
using System.Runtime.InteropServices;

namespace MlSql.Columnar.Memory;

/// <summary>Bytes that the collector does not move, from a multiple of 64 on. Grows by what is asked for and is reused; growing moves the bytes.</summary>
internal sealed unsafe class PinnedBuffer
{
    /// <summary>Every start is a multiple of this.</summary>
    public const int Alignment = 64;

    private byte[] _array = [];
    private int _skip;

    /// <summary>Bytes that there is room for.</summary>
    public int Capacity { get; private set; }

    /// <summary>Where the bytes begin; null before the first <see cref="Reserve"/>.</summary>
    public byte* Start => Capacity == 0 ? null : (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0) + _skip;

    /// <summary>All bytes that there is room for.</summary>
    public Span<byte> Bytes => _array.AsSpan(_skip, Capacity);

    /// <summary>Makes room for this many bytes, mostly for up to twice as many so that slightly more fit too, and keeps the first <paramref name="kept"/>; the rest holds anything.</summary>
    public void Reserve(int capacity, int kept = 0)
    {
        if (capacity <= Capacity) return;
        if (capacity < 1 << 30) capacity = (int)BitOperations.RoundUpToPowerOf2((uint)capacity);
        byte[] array = GC.AllocateUninitializedArray<byte>(checked(capacity + Alignment), pinned: true);
        int skip = (int)(-(nint)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) & (Alignment - 1));
        Bytes[..kept].CopyTo(array.AsSpan(skip));
        (_array, _skip, Capacity) = (array, skip, capacity);
    }

    /// <summary>Gives the memory back.</summary>
    public void Release() => (_array, _skip, Capacity) = ([], 0, 0);
}
