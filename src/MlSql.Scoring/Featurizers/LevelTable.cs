using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace MlSql.Scoring.Featurizers;

/// <summary>Finds a text among fixed levels by its UTF-8 bytes: open addressing, at most half full, nothing allocated by a look-up.</summary>
public sealed class LevelTable
{
    private readonly byte[] _bytes;
    private readonly Slot[] _slots;

    /// <summary>A table of the levels; of equal ones the first counts.</summary>
    public LevelTable(ReadOnlySpan<string> levels)
    {
        _slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)levels.Length * 2 + 1)];
        int total = 0;
        foreach (string level in levels) total += Encoding.UTF8.GetByteCount(level);
        _bytes = new byte[total];
        int start = 0;
        for (int i = 0; i < levels.Length; i++)
        {
            int length = Encoding.UTF8.GetBytes(levels[i], _bytes.AsSpan(start));
            ulong hash = Hash(_bytes.AsSpan(start, length));
            int at = (int)hash & _slots.Length - 1;
            while (_slots[at].Number != 0) at = at + 1 & _slots.Length - 1;
            _slots[at] = new Slot(hash, start, length, i + 1);
            start += length;
        }
    }

    /// <summary>The level's index plus 1, or 0 for a text that is no level.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        ulong hash = Hash(text);
        var slots = _slots;
        for (int at = (int)hash & slots.Length - 1; ; at = at + 1 & slots.Length - 1)
        {
            ref readonly var slot = ref slots[at];
            if (slot.Number == 0) return 0;
            if (slot.Hash == hash && text.SequenceEqual(_bytes.AsSpan(slot.Start, slot.Length))) return slot.Number;
        }
    }

    // Eight bytes a step, multiplied by the odd golden-ratio constant; the last step overlaps, so that short texts take one or two.
    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        const ulong Multiplier = 0x9E3779B97F4A7C15;
        ulong hash = (ulong)text.Length * Multiplier;
        if (text.Length < 8)
        {
            ulong word = 0;
            if (text.Length >= 4) word = MemoryMarshal.Read<uint>(text) | (ulong)MemoryMarshal.Read<uint>(text[^4..]) << 32;
            else if (text.Length > 0) word = text[0] | (ulong)text[text.Length >> 1] << 8 | (ulong)text[^1] << 16;
            return Mix(hash, word);
        }
        int i = 0;
        for (; i <= text.Length - 8; i += 8) hash = Mix(hash, MemoryMarshal.Read<ulong>(text[i..]));
        return i == text.Length ? hash : Mix(hash, MemoryMarshal.Read<ulong>(text[^8..]));

        static ulong Mix(ulong hash, ulong word)
        {
            ulong product = (hash ^ word) * Multiplier;
            return product ^ product >> 32;
        }
    }

    private readonly record struct Slot(ulong Hash, int Start, int Length, int Number);
}
