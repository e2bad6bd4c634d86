using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using MlSql.Columnar;
using MlSql.Planning.Plans;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>
/// Which arguments travel to the workers as one list. The JVM hands each value of each column over by itself, with its own writer; a list's elements have one writer. PREDICT of 100 trees over 28 columns × 2,000,000 rows took
/// 2.5 to 2.8 s with columns and 1.9 to 2.0 s with a list, two tasks on two cores, 0.5 s of it reading Parquet.
/// </summary>
internal static class PackedNames
{
    // Below that there is little to win.
    private const int Fewest = 8;

    /// <summary>The places of the arguments of the type that most have; empty where those are few, or where the types are not known.</summary>
    public static ImmutableArray<int> Of(BoundPrediction prediction)
    {
        var types = prediction.ArgumentTypes;
        if (types.Length != prediction.Arguments.Length) return [];
        var largest = Enumerable.Range(0, types.Length)
            .Where(i => types[i] is FloatType { Bits: 32 or 64 } or IntegerType { Bits: 32 or 64, Signed: true } && !prediction.Arguments[i].IsUnread)
            .GroupBy(i => types[i])
            .MaxBy(group => group.Count());
        return largest is not null && largest.Count() >= Fewest ? [.. largest] : [];
    }

    /// <summary>How many arguments there are and which of them are packed, as the end of a function's name: <c>28</c>, <c>3p6</c> for the second and the third of three.</summary>
    public static string Write(int arguments, ImmutableArray<int> packed)
    {
        string count = arguments.ToString(CultureInfo.InvariantCulture);
        if (packed.IsEmpty) return count;
        var places = packed.Aggregate(BigInteger.Zero, (all, place) => all | (BigInteger.One << place));
        return $"{count}p{places.ToString("x", CultureInfo.InvariantCulture).TrimStart('0')}";
    }

    /// <summary>What <see cref="Write"/> wrote, or null for another text.</summary>
    public static (int Arguments, ImmutableArray<int> Packed)? Read(ReadOnlySpan<char> text)
    {
        int mark = text.IndexOf('p');
        if (!int.TryParse(mark < 0 ? text : text[..mark], NumberStyles.None, CultureInfo.InvariantCulture, out int arguments)) return null;
        if (mark < 0) return (arguments, []);
        // A 0 before it, or the first bit would be a sign.
        if (!BigInteger.TryParse($"0{text[(mark + 1)..]}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var places) || places.IsZero || places.GetBitLength() > arguments) return null;
        return (arguments, [.. Enumerable.Range(0, arguments).Where(place => !(places >> place).IsEven)]);
    }
}
