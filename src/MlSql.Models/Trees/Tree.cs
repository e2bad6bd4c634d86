using System.Collections.Immutable;

namespace MlSql.Models.Trees;

/// <summary>What a split asks of a value.</summary>
public enum SplitTest
{
    /// <summary>x ≤ threshold.</summary>
    AtMost,

    /// <summary>x &lt; threshold.</summary>
    Below,

    /// <summary>x, cut to a whole number, is in the set of categories. Negative numbers are in none.</summary>
    InSet,

    /// <summary>x is a whole number of the set of categories: nothing is cut off, so that 1.5 is in none.</summary>
    EqualToAny,
}

/// <summary>Which values a split takes for missing; those go where <see cref="TreeSplit.MissingLeft"/> says.</summary>
public enum MissingRule
{
    /// <summary>NaN.</summary>
    NaN,

    /// <summary>NaN, and all within 1e-35 (as a 32-bit number) of 0.</summary>
    ZeroOrNaN,

    /// <summary>None: NaN is taken for 0.</summary>
    None,
}

/// <summary>An inner node: rows that pass the test go left.</summary>
/// <param name="Column">The encoded column.</param>
/// <param name="Test">What is asked.</param>
/// <param name="Threshold">The number that is compared with; for <see cref="SplitTest.InSet"/> and <see cref="SplitTest.EqualToAny"/> the index of the tree's set.</param>
/// <param name="Missing">What is missing.</param>
/// <param name="MissingLeft">Where missing values go.</param>
/// <param name="Left">The next split, or ~leaf.</param>
/// <param name="Right">The next split, or ~leaf.</param>
/// <param name="Gain">By how much it lowered the loss of the training.</param>
/// <param name="Cover">How many training rows came here, or their weight or curvature: in the units of the tree's leaves.</param>
public readonly record struct TreeSplit(int Column, SplitTest Test, double Threshold, MissingRule Missing, bool MissingLeft, int Left, int Right, double Gain, double Cover);

/// <summary>A leaf: the number that its tool gives it, and how many training rows came here, or their weight or curvature.</summary>
public readonly record struct TreeLeaf(int Number, double Cover);

/// <summary>What a leaf adds in place of its value where none of these columns is NaN: the constant and Σ factor · column.</summary>
public sealed record LinearLeaf(double Constant, ImmutableArray<int> Columns, ImmutableArray<double> Factors)
{
    /// <inheritdoc/>
    public bool Equals(LinearLeaf? other) => other is not null && Constant.Equals(other.Constant) && Columns.AsSpan().SequenceEqual(other.Columns.AsSpan()) && Factors.AsSpan().SequenceEqual(other.Factors.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Constant, Columns.Length);
}

/// <summary>A set of categories: bit c mod 64 of word c / 64 is set when c is in it.</summary>
public sealed record CategorySet(ImmutableArray<ulong> Words)
{
    /// <summary>Whether a value, cut to a whole number, is in the set. NaN is not.</summary>
    public bool Contains(double value) => value > -1 && value < 64.0 * Words.Length && (Words[(int)value >> 6] >> ((int)value & 63) & 1) != 0;

    /// <inheritdoc/>
    public bool Equals(CategorySet? other) => other is not null && Words.AsSpan().SequenceEqual(other.Words.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Words.Length;
}

/// <summary>A binary tree. Every split but the first and every leaf is the child of exactly one split before it.</summary>
/// <param name="Splits">Inner nodes, the root first; none for a tree of one leaf.</param>
/// <param name="Leaves">One more than splits.</param>
/// <param name="Values">What the leaves add: one number a leaf, or one an output and leaf, leaf by leaf.</param>
/// <param name="Output">The output that a leaf of one number adds to.</param>
/// <param name="Sets">The sets that splits ask for.</param>
/// <param name="Linear">Linear leaves: none, or one a leaf.</param>
public sealed record Tree(ImmutableArray<TreeSplit> Splits, ImmutableArray<TreeLeaf> Leaves, ImmutableArray<double> Values, int Output, ImmutableArray<CategorySet> Sets, ImmutableArray<LinearLeaf> Linear)
{
    /// <summary>Numbers a leaf.</summary>
    public int Width => Values.Length / Leaves.Length;

    /// <inheritdoc/>
    public bool Equals(Tree? other) => other is not null && Output == other.Output && Splits.AsSpan().SequenceEqual(other.Splits.AsSpan()) && Leaves.AsSpan().SequenceEqual(other.Leaves.AsSpan())
        && Values.AsSpan().SequenceEqual(other.Values.AsSpan()) && Sets.AsSpan().SequenceEqual(other.Sets.AsSpan()) && Linear.AsSpan().SequenceEqual(other.Linear.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Splits.Length, Output);
}
