using System.Collections.Immutable;

namespace MlSql.Language.Statements;

/// <summary>A possibly qualified name; quotes are taken off, doubled quotes undone.</summary>
public sealed record Name(Span Span, ImmutableArray<string> Parts)
{
    /// <summary>The last part.</summary>
    public string Last => Parts[^1];

    /// <summary>Parts joined by dots, as messages show it and the store keeps it.</summary>
    public string Text => string.Join('.', Parts);

    /// <inheritdoc/>
    public bool Equals(Name? other) => other is not null && Parts.AsSpan().SequenceEqual(other.Parts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}

/// <summary>m, m VERSION 3, m@3 or m@alias.</summary>
public sealed record ModelReference(Span Span, Name Model, Literal? Version, Name? Alias);

/// <summary>What a literal holds.</summary>
public enum LiteralKind
{
    /// <summary>Text in quotes, or a bare word where an option allows one.</summary>
    Text,

    /// <summary>A number as written; <see cref="Literal.Text"/> holds its digits with sign.</summary>
    Number,

    /// <summary>TRUE or FALSE.</summary>
    Boolean,

    /// <summary>NULL.</summary>
    Null,
}

/// <summary>A constant as written; <paramref name="Text"/> without quotes, numbers with their sign, booleans as "true" or "false".</summary>
public sealed record Literal(Span Span, LiteralKind Kind, string Text)
{
    /// <summary>True for a bare word or a quoted text that was not in single quotes.</summary>
    public bool Bare { get; init; }
}

/// <summary>key = value of an option list; the key in lower case. A list value ([a, b] or ARRAY[…]) has <paramref name="Items"/>, any other value one item. <paramref name="Complex"/> is true for a value that is neither.</summary>
public sealed record Option(Span Span, string Key, Span KeySpan, Span ValueSpan, ImmutableArray<Literal> Items, bool IsList, bool Complex)
{
    /// <summary>Of a <see cref="Complex"/> value (a => 1, b => 2) its entries; else empty.</summary>
    public ImmutableArray<OptionEntry> Entries { get; init; } = [];
}

/// <summary>An entry of an option's value: a word or quoted name, and a constant.</summary>
public sealed record OptionEntry(Literal Key, Literal Value);

/// <summary>Where PREDICT and EVALUATE take their rows from. A closed family.</summary>
public abstract record RelationSource(Span Span);

/// <summary>A table, view or file name; the text as written.</summary>
public sealed record TableSource(Span Span) : RelationSource(Span);

/// <summary>A query; its text without the parentheses.</summary>
public sealed record QuerySource(Span Span, SqlText Query) : RelationSource(Span);
