using System.Collections.Immutable;
using System.Text;
using MlSql.Columnar;

namespace MlSql.Scoring.Featurizers;

/// <summary>What each value of an enum stands for. Blocks of one query share the type's value array, so the newest mapping is nearly always the wanted one. Safe for any number of threads at once.</summary>
internal sealed class EnumMap<T>(Func<byte[], T> meaning)
{
    private volatile Mapping? _last;

    /// <summary>By the index of the value; <c>meaning</c> was asked for each value's UTF-8 bytes.</summary>
    public T[] Of(EnumType type)
    {
        if (_last is { } last && last.Values == type.Values) return last.Meanings;
        T[] meanings = [.. type.Values.Select(value => meaning(Encoding.UTF8.GetBytes(value)))];
        _last = new(type.Values, meanings);
        return meanings;
    }

    private sealed record Mapping(ImmutableArray<string> Values, T[] Meanings);
}
