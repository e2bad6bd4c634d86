using MlSql.Training.Kernels;

namespace MlSql.Training.Rows;

/// <summary>Gives every distinct text a code, 0, 1, 2 … in the order of first sight. Throws MLS3011 above <see cref="MaxLevels"/>.</summary>
internal sealed class TextDictionary(string column, MemoryBudget budget)
{
    /// <summary>More levels than this are refused.</summary>
    public const int MaxLevels = 100_000;

    private int[] _slots = NewSlots(64);
    private ulong[] _hashes = new ulong[16];
    private int[] _ends = new int[16];
    private byte[] _bytes = new byte[256];

    public int Count { get; private set; }

    public ulong Hash(int code) => _hashes[code];

    public ReadOnlySpan<byte> Utf8(int code)
    {
        int start = code == 0 ? 0 : _ends[code - 1];
        return _bytes.AsSpan(start, _ends[code] - start);
    }

    public int CodeOf(ReadOnlySpan<byte> utf8)
    {
        ulong hash = RowHash.OfText(utf8);
        int mask = _slots.Length - 1;
        for (int slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            int code = _slots[slot];
            if (code < 0) return Add(utf8, hash);
            if (_hashes[code] == hash && Utf8(code).SequenceEqual(utf8)) return code;
        }
    }

    /// <summary>The code of a text; -1 for one that was never seen.</summary>
    public int Find(ReadOnlySpan<byte> utf8)
    {
        ulong hash = RowHash.OfText(utf8);
        int mask = _slots.Length - 1;
        for (int slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            int code = _slots[slot];
            if (code < 0 || (_hashes[code] == hash && Utf8(code).SequenceEqual(utf8))) return code;
        }
    }

    /// <summary>Takes all texts of another dictionary and gives the code here of each of its codes.</summary>
    public int[] Take(TextDictionary other)
    {
        int[] codes = new int[other.Count];
        for (int code = 0; code < codes.Length; code++) codes[code] = CodeOf(other.Utf8(code));
        return codes;
    }

    private int Add(ReadOnlySpan<byte> utf8, ulong hash)
    {
        if (Count == MaxLevels) throw TrainingErrors.TooManyLevels(column, MaxLevels);
        budget.Take(utf8.Length + 24, "the levels of text features");
        if (Count == _hashes.Length)
        {
            Array.Resize(ref _hashes, 2 * Count);
            Array.Resize(ref _ends, 2 * Count);
        }
        int start = Count == 0 ? 0 : _ends[Count - 1];
        if (start + utf8.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, start + utf8.Length));
        utf8.CopyTo(_bytes.AsSpan(start));
        _hashes[Count] = hash;
        _ends[Count] = start + utf8.Length;
        if (2 * (Count + 1) > _slots.Length) Rehash();
        Place(Count, hash);
        return Count++;
    }

    private void Rehash()
    {
        _slots = NewSlots(2 * _slots.Length);
        for (int code = 0; code < Count; code++) Place(code, _hashes[code]);
    }

    private void Place(int code, ulong hash)
    {
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        while (_slots[slot] >= 0) slot = (slot + 1) & mask;
        _slots[slot] = code;
    }

    private static int[] NewSlots(int size)
    {
        int[] slots = new int[size];
        Array.Fill(slots, -1);
        return slots;
    }
}
