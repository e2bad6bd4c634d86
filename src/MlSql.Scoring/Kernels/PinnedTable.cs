using System.Runtime.CompilerServices;

namespace MlSql.Scoring.Kernels;

/// <summary>A table that kernels read through a pointer: begins at a multiple of 64 bytes with as many spare bytes behind it, is zero until filled, and lives as long as this object.</summary>
internal sealed unsafe class PinnedTable<T> where T : unmanaged
{
    private const int Alignment = 64;

    private readonly byte[] _memory;

    public PinnedTable(int length)
    {
        _memory = GC.AllocateArray<byte>(checked(length * sizeof(T) + 2 * Alignment), pinned: true);
        long first = (long)Unsafe.AsPointer(ref _memory[0]);
        At = (T*)(first + Alignment - 1 & ~(Alignment - 1L));
        Length = length;
    }

    public PinnedTable(ReadOnlySpan<T> values) : this(values.Length) => values.CopyTo(Values);

    /// <summary>The first element.</summary>
    public T* At { get; }

    public int Length { get; }

    public Span<T> Values => new(At, Length);
}
