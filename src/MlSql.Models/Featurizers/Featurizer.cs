using System.Collections.Immutable;

namespace MlSql.Models.Featurizers;

/// <summary>
/// Turns one input (a feature, or a field within a struct feature) into <see cref="Width"/> numbers, the encoded columns. A closed family.
/// <paramref name="Feature"/> is the index in the signature, <paramref name="Path"/> the field indexes below it (empty for a plain feature).
/// </summary>
public abstract record Featurizer(int Feature, ImmutableArray<int> Path)
{
    /// <summary>Encoded columns.</summary>
    public abstract int Width { get; }

    /// <inheritdoc/>
    public virtual bool Equals(Featurizer? other) =>
        other is not null && EqualityContract == other.EqualityContract && Feature == other.Feature && Path.AsSpan().SequenceEqual(other.Path.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Feature, Path.Length);
}

/// <summary>(x − Mean) / Scale of a number or boolean; NULL and NaN give 0, the mean. A Scale of 0 marks a constant column and gives 0.</summary>
public sealed record NumericFeaturizer(int Feature, ImmutableArray<int> Path, double Mean, double Scale) : Featurizer(Feature, Path)
{
    /// <inheritdoc/>
    public override int Width => 1;
}

/// <summary>One numeric encoding a position of a number list; a NULL list gives zeros, another length is an error.</summary>
public sealed record NumberListFeaturizer(int Feature, ImmutableArray<int> Path, ImmutableArray<double> Means, ImmutableArray<double> Scales) : Featurizer(Feature, Path)
{
    /// <inheritdoc/>
    public override int Width => Means.Length;

    /// <inheritdoc/>
    public bool Equals(NumberListFeaturizer? other) => base.Equals(other) && Means.AsSpan().SequenceEqual(other!.Means.AsSpan()) && Scales.AsSpan().SequenceEqual(other.Scales.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>One 0/1 column a level, levels sorted by their UTF-8 bytes, then one for NULL when training had one; an unseen level gives zeros.</summary>
public sealed record OneHotFeaturizer(int Feature, ImmutableArray<int> Path, ImmutableArray<string> Levels, bool NullLevel) : Featurizer(Feature, Path)
{
    /// <inheritdoc/>
    public override int Width => Levels.Length + (NullLevel ? 1 : 0);

    /// <inheritdoc/>
    public bool Equals(OneHotFeaturizer? other) => base.Equals(other) && NullLevel == other!.NullLevel && Levels.AsSpan().SequenceEqual(other.Levels.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>Year, month, day, ISO weekday, hour and days since 1970-01-01 with fraction (see <see cref="CalendarParts"/>), each standardised; NULL gives zeros.</summary>
public sealed record CalendarFeaturizer(int Feature, ImmutableArray<int> Path, ImmutableArray<double> Means, ImmutableArray<double> Scales) : Featurizer(Feature, Path)
{
    /// <inheritdoc/>
    public override int Width => CalendarParts.Count;

    /// <inheritdoc/>
    public bool Equals(CalendarFeaturizer? other) => base.Equals(other) && Means.AsSpan().SequenceEqual(other!.Means.AsSpan()) && Scales.AsSpan().SequenceEqual(other.Scales.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>
/// The values as they are, for trees: a number, a boolean as 0 or 1, the positions of a number list, the parts of a date or time (see <see cref="CalendarParts"/>). NULL gives NaN, a list of another length is an error.
/// </summary>
public sealed record RawFeaturizer(int Feature, ImmutableArray<int> Path, int Columns) : Featurizer(Feature, Path)
{
    /// <inheritdoc/>
    public override int Width => Columns;

    /// <inheritdoc/>
    public bool Equals(RawFeaturizer? other) => base.Equals(other) && Columns == other!.Columns;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Columns);
}

/// <summary>A text as the index of its level, for trees; levels sorted by their UTF-8 bytes. NULL gives NaN, an unseen level −1, which is in no set of categories.</summary>
public sealed record LevelFeaturizer(int Feature, ImmutableArray<int> Path, ImmutableArray<string> Levels) : Featurizer(Feature, Path)
{
    /// <inheritdoc/>
    public override int Width => 1;

    /// <inheritdoc/>
    public bool Equals(LevelFeaturizer? other) => base.Equals(other) && Levels.AsSpan().SequenceEqual(other!.Levels.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Levels.Length);
}
