using System.Collections.Immutable;
using MlSql.Models.Trees;

namespace MlSql.Models.Format;

/// <summary>The stored form of an ensemble of trees.</summary>
internal static class TreeForm
{
    private const int TreeBytes = 6 * sizeof(uint);
    private const int SplitBytes = 3 * sizeof(uint) + 3 + 3 * sizeof(double);
    private const int LeafBytes = sizeof(uint) + sizeof(double);
    private const int LinearLeafBytes = sizeof(double) + 2 * sizeof(uint);

    public static void Write(FormatWriter writer, TreeStructure ensemble)
    {
        writer.Byte((byte)ensemble.Aggregate);
        writer.Byte((byte)ensemble.Precision);
        writer.Byte((byte)ensemble.Link);
        writer.Real(ensemble.LinkFactor);
        writer.Reals(ensemble.Bases.AsSpan());
        writer.Count(ensemble.Trees.Length);
        foreach (Tree tree in ensemble.Trees) Write(writer, tree);
    }

    public static TreeStructure Read(ref FormatReader reader)
    {
        TreeAggregate aggregate = (TreeAggregate)reader.Byte();
        TreePrecision precision = (TreePrecision)reader.Byte();
        TreeLink link = (TreeLink)reader.Byte();
        double factor = reader.Real();
        ImmutableArray<double> bases = reader.Reals();
        var trees = ImmutableArray.CreateBuilder<Tree>(reader.Count(TreeBytes));
        for (int i = trees.Capacity; i > 0; i--) trees.Add(ReadTree(ref reader));
        return new(bases, trees.MoveToImmutable(), aggregate, precision, link, factor);
    }

    private static void Write(FormatWriter writer, Tree tree)
    {
        writer.Count(tree.Output);
        writer.Count(tree.Splits.Length);
        foreach (TreeSplit split in tree.Splits)
        {
            writer.Count(split.Column);
            writer.Byte((byte)split.Test);
            writer.Byte((byte)split.Missing);
            writer.Flag(split.MissingLeft);
            writer.Number((uint)split.Left);
            writer.Number((uint)split.Right);
            writer.Real(split.Threshold);
            writer.Real(split.Gain);
            writer.Real(split.Cover);
        }
        writer.Count(tree.Leaves.Length);
        foreach (TreeLeaf leaf in tree.Leaves)
        {
            writer.Count(leaf.Number);
            writer.Real(leaf.Cover);
        }
        writer.Reals(tree.Values.AsSpan());
        writer.Count(tree.Sets.Length);
        foreach (CategorySet set in tree.Sets)
        {
            writer.Count(set.Words.Length);
            foreach (ulong word in set.Words) writer.Word(word);
        }
        writer.Count(tree.Linear.Length);
        foreach (LinearLeaf leaf in tree.Linear)
        {
            writer.Real(leaf.Constant);
            writer.Count(leaf.Columns.Length);
            foreach (int column in leaf.Columns) writer.Count(column);
            writer.Reals(leaf.Factors.AsSpan());
        }
    }

    private static Tree ReadTree(ref FormatReader reader)
    {
        int output = reader.Index();
        var splits = ImmutableArray.CreateBuilder<TreeSplit>(reader.Count(SplitBytes));
        for (int i = splits.Capacity; i > 0; i--)
        {
            int column = reader.Index();
            SplitTest test = (SplitTest)reader.Byte();
            MissingRule missing = (MissingRule)reader.Byte();
            bool missingLeft = reader.Flag();
            int left = (int)reader.Number(), right = (int)reader.Number();
            double threshold = reader.Real(), gain = reader.Real();
            splits.Add(new(column, test, threshold, missing, missingLeft, left, right, gain, reader.Real()));
        }
        var leaves = ImmutableArray.CreateBuilder<TreeLeaf>(reader.Count(LeafBytes));
        for (int i = leaves.Capacity; i > 0; i--)
        {
            int number = reader.Index();
            leaves.Add(new(number, reader.Real()));
        }
        if (leaves.Capacity == 0) throw ModelErrors.Malformed("a tree without leaves");
        ImmutableArray<double> values = reader.Reals();
        var sets = ImmutableArray.CreateBuilder<CategorySet>(reader.Count(sizeof(uint)));
        for (int i = sets.Capacity; i > 0; i--)
        {
            var words = ImmutableArray.CreateBuilder<ulong>(reader.Count(sizeof(ulong)));
            for (int w = words.Capacity; w > 0; w--) words.Add(reader.Word());
            sets.Add(new(words.MoveToImmutable()));
        }
        var linear = ImmutableArray.CreateBuilder<LinearLeaf>(reader.Count(LinearLeafBytes));
        for (int i = linear.Capacity; i > 0; i--)
        {
            double constant = reader.Real();
            var columns = ImmutableArray.CreateBuilder<int>(reader.Count(sizeof(uint)));
            for (int c = columns.Capacity; c > 0; c--) columns.Add(reader.Index());
            linear.Add(new(constant, columns.MoveToImmutable(), reader.Reals()));
        }
        return new(splits.MoveToImmutable(), leaves.MoveToImmutable(), values, output, sets.MoveToImmutable(), linear.MoveToImmutable());
    }
}
