using System.Runtime.InteropServices;
using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>
/// Takes leaves out of the byte of a mask where a bin is above a threshold.
/// </summary>
/// <param name="Offset">Of the bins that are looked at, in bytes.</param>
/// <param name="Threshold">The last bin that changes nothing; flipped as bins are.</param>
/// <param name="Keep">The leaves that stay, of the eight of the plane.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct MaskStep(int Offset, byte Threshold, byte Keep);

/// <summary>Takes leaves out of masks where a bin's bit is set: the split of a set of categories.</summary>
/// <param name="Offset">Of the bins that are looked at, in bytes.</param>
/// <param name="Bits">The bins that go right: 32 bytes from here in <see cref="LeafMasks.SetBits"/>.</param>
/// <param name="Keep">The leaves that stay, a byte for each of the tree's planes, from here in <see cref="LeafMasks.SetKeeps"/>.</param>
internal readonly record struct SetStep(int Offset, int Bits, int Keep);

/// <summary>A tree of leaf masks.</summary>
/// <param name="Planes">Bytes of a mask: eight leaves each.</param>
/// <param name="FirstPlane">Where the tree's planes begin in <see cref="LeafMasks.Starts"/>.</param>
/// <param name="FirstSet">Its first step by a set.</param>
/// <param name="Sets">How many it has.</param>
/// <param name="Values">Where its leaves' values begin.</param>
/// <param name="InBytes">Whether they lie there in bytes: 64 lowest bytes of all leaves, then 64 second ones and so on.</param>
internal readonly record struct MaskTree(int Planes, int FirstPlane, int FirstSet, int Sets, int Values, bool InBytes);

/// <summary>
/// Trees of up to 256 leaves as masks (Lucchese et al.: QuickScorer, 2015; Ye et al.: RapidScorer, 2018). A row begins with all leaves, the leftmost first; each split that sends it right takes its left subtree's leaves out;
/// of those that stay, the first is the row's. A mask's bytes are handled one plane after another, so that one vector holds the same eight leaves of many rows.
/// </summary>
internal sealed unsafe class LeafMasks
{
    /// <summary>The most leaves of a tree.</summary>
    public const int MaxLeaves = 256;

    /// <summary>The most leaves whose values are looked up in registers.</summary>
    public const int MaxInBytes = 64;

    private readonly PinnedTable<MaskStep> _steps;
    private readonly PinnedTable<int> _starts;
    private readonly PinnedTable<SetStep> _sets;
    private readonly PinnedTable<byte> _setBits, _setKeeps, _values;

    private LeafMasks(LeafMaskBuilder from)
    {
        _steps = new(CollectionsMarshal.AsSpan(from.Steps));
        _starts = new(CollectionsMarshal.AsSpan(from.Starts));
        _sets = new(CollectionsMarshal.AsSpan(from.Sets));
        _setBits = new(CollectionsMarshal.AsSpan(from.SetBits));
        _setKeeps = new(CollectionsMarshal.AsSpan(from.SetKeeps));
        _values = new(CollectionsMarshal.AsSpan(from.Values));
        Trees = [.. from.Trees];
    }

    /// <summary>The trees in their order.</summary>
    public MaskTree[] Trees { get; }

    public MaskStep* Steps => _steps.At;

    /// <summary>The first step of each plane of each tree, and the end of the last.</summary>
    public int* Starts => _starts.At;

    public SetStep* Sets => _sets.At;

    public byte* SetBits => _setBits.At;

    public byte* SetKeeps => _setKeeps.At;

    public byte* Values => _values.At;

    /// <summary>Compiles trees whose splits are all in the layout.</summary>
    public static LeafMasks Of(IEnumerable<Tree> trees, BinLayout layout, VectorPath path)
    {
        LeafMaskBuilder builder = new(layout, path);
        foreach (Tree tree in trees) builder.Add(tree);
        builder.Starts.Add(builder.Steps.Count);
        return new(builder);
    }
}
