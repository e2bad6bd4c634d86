using System.Buffers;
using System.Runtime.InteropServices;

namespace MlSql.UnitTests.Columnar.Memory;

/// <summary>Bytes that end right before a page that nobody may touch: reading behind them ends the process instead of going unseen. For Linux.</summary>
internal sealed unsafe partial class GuardedMemory : MemoryManager<byte>
{
    private const int ReadWrite = 3, PrivateAnonymous = 0x22;

    private readonly int _capacity;
    private byte* _pages;
    private int _length;

    /// <summary>Room for this many bytes, to be filled again and again with <see cref="Place"/>.</summary>
    public GuardedMemory(int capacity)
    {
        _capacity = (capacity + Environment.SystemPageSize - 1) / Environment.SystemPageSize * Environment.SystemPageSize;
        _pages = Map(null, (nuint)(_capacity + Environment.SystemPageSize), ReadWrite, PrivateAnonymous, -1, 0);
        if (_pages == (byte*)-1 || Protect(_pages + _capacity, (nuint)Environment.SystemPageSize, 0) != 0) throw new InvalidOperationException("No pages to guard");
    }

    /// <summary>Puts the bytes right before the guard.</summary>
    public ReadOnlyMemory<byte> Place(ReadOnlySpan<byte> bytes)
    {
        _length = bytes.Length;
        bytes.CopyTo(GetSpan());
        return CreateMemory(_length);
    }

    public override Span<byte> GetSpan() => new(_pages + _capacity - _length, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_pages + _capacity - _length + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (_pages != null) _ = Unmap(_pages, (nuint)(_capacity + Environment.SystemPageSize));
        _pages = null;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
