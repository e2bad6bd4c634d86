using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Training.Kernels;

namespace MlSql.Training.Rows;

/// <summary>Texts and enums as codes of a dictionary, -1 for NULL.</summary>
internal sealed class TextFeatureColumn(FeatureLeaf leaf, MemoryBudget budget) : FeatureColumn(leaf)
{
    private const int NoCode = -2;

    private readonly int[] _segment = new int[RowStore.SegmentRows];
    private readonly int[] _codeOfEnum = leaf.Type is EnumType e ? Filled(e.Values.Length) : [];
    private int _count;

    public TextDictionary Dictionary { get; } = new(leaf.Name, budget);

    public ChunkedArray<int>[] Parts { get; private set; } = NewParts<int>(budget);

    public override int DenseColumns => 0;

    public override void Load(ColumnView view, List<ColumnView> parents, int start, int count)
    {
        _count = count;
        for (int i = 0; i < count; i++)
        {
            int row = start + i;
            _segment[i] = IsNull(view, parents, row) ? -1 : view.Type is EnumType type ? CodeOfEnum(view, type, row) : Dictionary.CodeOf(view.Text(row));
        }
    }

    public override void Hash(Span<ulong> hashes)
    {
        for (int i = 0; i < _count; i++) hashes[i] = RowHash.Mix(hashes[i], _segment[i] < 0 ? RowHash.Null : Dictionary.Hash(_segment[i]));
    }

    public override void Store(RowSelection selection) => selection.Append<int>(_segment.AsSpan(0, _count), Parts);

    public override void Clear() => ClearParts(Parts);

    public override FeatureColumn Another() => new TextFeatureColumn(Leaf, budget);

    public override void Arrange(FeatureColumn[] all, IReadOnlyList<RowRun>[] runs)
    {
        foreach (TextFeatureColumn other in all.Cast<TextFeatureColumn>().Where(column => column != this))
        {
            int[] codes = Dictionary.Take(other.Dictionary);
            foreach (ChunkedArray<int> part in other.Parts)
                for (int block = 0; block < part.Blocks; block++)
                    foreach (ref int code in part.Block(block))
                        if (code >= 0) code = codes[code];
        }
        Parts = ChunkedArray<int>.Arrange([.. all.Select(column => ((TextFeatureColumn)column).Parts)], runs);
    }

    private int CodeOfEnum(ColumnView view, EnumType type, int row)
    {
        int index = EnumReader.Index(view, type, row);
        if (_codeOfEnum[index] == NoCode) _codeOfEnum[index] = Dictionary.CodeOf(Encoding.UTF8.GetBytes(type.Values[index]));
        return _codeOfEnum[index];
    }

    private static int[] Filled(int length)
    {
        int[] codes = new int[length];
        Array.Fill(codes, NoCode);
        return codes;
    }
}
