using System.Collections.Immutable;

namespace MlSql.Models.Estimators;

/// <summary>What TRAIN … USING name ( options ) may say: the one source of names, defaults, ranges and help.</summary>
public sealed record EstimatorInfo(string Name, string ModelType, ModelTask Task, string Summary, ImmutableArray<OptionInfo> Options)
{
    /// <summary>What EARLY STOPPING may look at, its default first; empty for an estimator that does not stop early.</summary>
    public ImmutableArray<string> StoppingMetrics { get; init; } = [];

    /// <summary>Defaults that differ where the estimator is chosen by MODEL_TYPE.</summary>
    public ImmutableSortedDictionary<string, string> ModelTypeDefaults { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Options of BigQuery of which only these values (in lower case) are carried out, and change nothing.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> FixedOptions { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;
}

/// <summary>What values an option takes.</summary>
public enum OptionType
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>TRUE or FALSE.</summary>
    Boolean,

    /// <summary>One of a list of words.</summary>
    Word,

    /// <summary>Feature => 1 | 0 | -1, any number of them; see <see cref="OptionValues.Directions"/>.</summary>
    Directions,
}

/// <summary>One option of an estimator. Numbers lie within [<see cref="Min"/>, <see cref="Max"/>]; the default is as SQL would write it.</summary>
public sealed record OptionInfo(string Name, OptionType Type, string Default, string Help)
{
    /// <summary>Smallest value of a number.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Largest value of a number.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>True when <see cref="Min"/> itself is refused.</summary>
    public bool AboveMin { get; init; }

    /// <summary>Words of an <see cref="OptionType.Word"/>.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>Other names that mean the same.</summary>
    public ImmutableArray<string> Synonyms { get; init; } = [];
}

/// <summary>The options of one training, every one of the estimator's present: numbers as invariant text, booleans "true" or "false", words in lower case; directions one by one, as option.feature.</summary>
public sealed record OptionValues(ImmutableSortedDictionary<string, string> Values)
{
    /// <summary>A number.</summary>
    public double Number(string name) => double.Parse(Values[name], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public long Integer(string name) => (long)Number(name);

    /// <summary>The directions of an <see cref="OptionType.Directions"/>, by feature; none where it was not said.</summary>
    public IEnumerable<(string Feature, int Direction)> Directions(string name) =>
        Values.Where(value => value.Key.StartsWith(name + ".", StringComparison.Ordinal)).Select(value => (value.Key[(name.Length + 1)..], int.Parse(value.Value, System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>A boolean.</summary>
    public bool Boolean(string name) => Values[name] == "true";
}
