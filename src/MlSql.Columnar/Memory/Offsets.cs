using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Columnar.Memory;

/// <summary>Checks the offsets of texts and lists before anything is reached through them.</summary>
internal static class Offsets
{
    /// <summary>True when none is below 0, none below the one before it and none beyond <paramref name="end"/>.</summary>
    public static bool AreWithin<T>(ReadOnlySpan<T> offsets, T end) where T : unmanaged, IBinaryInteger<T> =>
        offsets.IsEmpty || (offsets[0] >= T.Zero && offsets[^1] <= end && Ascend(offsets));

    private static bool Ascend<T>(ReadOnlySpan<T> offsets) where T : unmanaged, IBinaryInteger<T>
    {
        ref T first = ref MemoryMarshal.GetReference(offsets);
        int at = 0;
        for (; at < offsets.Length - Vector256<T>.Count; at += Vector256<T>.Count)
            if (Vector256.GreaterThanAny(Vector256.LoadUnsafe(ref first, (nuint)at), Vector256.LoadUnsafe(ref first, (nuint)at + 1))) return false;
        for (; at < offsets.Length - 1; at++)
            if (offsets[at] > offsets[at + 1]) return false;
        return true;
    }
}
