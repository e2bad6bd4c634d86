using System.Collections.Immutable;
using Antlr4.Runtime;
using MlSql.Language.Grammar;
using MlSql.Language.Statements;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Builds option records out of OPTIONS ( … ), STRUCT( … ) and named arguments.</summary>
internal static class OptionBuilder
{
    public static ImmutableArray<Option> Options(StatementTokens tokens, MlSqlParser.OptionListContext? list) =>
        list is null ? [] : [.. list.option().Select(option => OptionOf(tokens, option))];

    public static Option OptionOf(StatementTokens tokens, MlSqlParser.OptionContext option) =>
        Make(tokens, option, KeyOf(option.optionKey()), SmallParts.SpanOf(option.optionKey()), option.optionValue().Start.TokenIndex, option.optionValue().Stop.TokenIndex);

    public static Option OptionOf(StatementTokens tokens, MlSqlParser.StructItemContext item)
    {
        SyntaxToken key = SmallParts.TokenOf(item.ident().Start);
        return Make(tokens, item, SmallParts.NameOf(key).Text, key.Span, item.structPart()[0].Start.TokenIndex, item.structPart()[^1].Stop.TokenIndex);
    }

    /// <summary>key = value where the value is the tokens from first to last.</summary>
    public static Option Make(StatementTokens tokens, ParserRuleContext whole, string key, Span keySpan, int first, int last)
    {
        SyntaxToken[] all = tokens.Tokens;
        Span value = Span.Between(all[first].Span, all[last].Span);
        string lower = key.ToLowerInvariant();
        if (SmallParts.LiteralOf(all, first, last) is { } single) return new Option(SmallParts.SpanOf(whole), lower, keySpan, value, [single], IsList: false, Complex: false);
        ImmutableArray<Literal>? items = ListOf(all, first, last);
        return new Option(SmallParts.SpanOf(whole), lower, keySpan, value, items ?? [], IsList: items is not null, Complex: items is null) { Entries = items is null ? EntriesOf(all, first, last) : [] };
    }

    private static string KeyOf(MlSqlParser.OptionKeyContext key) =>
        key.TEXT() is { } text ? SmallParts.TextOf(text).Text : SmallParts.NameOf(SmallParts.SpanOf(key), key.ident()).Text;

    // (a => 1, "b c" => -1); empty for anything else.
    private static ImmutableArray<OptionEntry> EntriesOf(SyntaxToken[] all, int first, int last)
    {
        if ((all[first].Type, all[last].Type) is not (MlSqlParser.LPAREN, MlSqlParser.RPAREN)) return [];
        var entries = ImmutableArray.CreateBuilder<OptionEntry>();
        for (int i = first + 1; i < last;)
        {
            int end = i;
            while (end < last && all[end].Type != MlSqlParser.COMMA)
            {
                if (all[end].Token.Kind is TokenKind.Open or TokenKind.Close) return [];
                end++;
            }
            if (end < i + 3 || all[i + 1].Type is not (MlSqlParser.ARROW or MlSqlParser.EQUALS)) return [];
            if (SmallParts.LiteralOf(all, i, i) is not { Kind: LiteralKind.Text } key || SmallParts.LiteralOf(all, i + 2, end - 1) is not { } value) return [];
            entries.Add(new OptionEntry(key, value));
            i = end + 1;
        }
        return entries.ToImmutable();
    }

    // [a, b], ARRAY[a, b], (a, b) of literals.
    private static ImmutableArray<Literal>? ListOf(SyntaxToken[] all, int first, int last)
    {
        if (all[first].Text.Equals("ARRAY", StringComparison.OrdinalIgnoreCase)) first++;
        bool brackets = first < last && (all[first].Type, all[last].Type) is (MlSqlParser.LBRACKET, MlSqlParser.RBRACKET) or (MlSqlParser.LPAREN, MlSqlParser.RPAREN);
        if (!brackets) return null;
        var items = ImmutableArray.CreateBuilder<Literal>();
        for (int i = first + 1; i < last;)
        {
            int end = i;
            while (end < last && all[end].Type != MlSqlParser.COMMA)
            {
                if (all[end].Token.Kind is TokenKind.Open or TokenKind.Close) return null;
                end++;
            }
            if (end == i || SmallParts.LiteralOf(all, i, end - 1) is not { } literal) return null;
            items.Add(literal);
            i = end + 1;
        }
        return items.ToImmutable();
    }
}
