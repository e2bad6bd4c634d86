using System.Collections.Immutable;
using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using MlSql.Language.Grammar;
using MlSql.Language.Statements;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Names, literals and model references out of the parser's tree.</summary>
internal static class SmallParts
{
    public static Span SpanOf(ParserRuleContext context) => Span.Between(TokenOf(context.Start).Span, TokenOf(context.Stop).Span);

    public static SyntaxToken TokenOf(IToken token) => (SyntaxToken)token;

    /// <summary>True for a rule that matched no token.</summary>
    public static bool IsEmpty(ParserRuleContext context) => context.Stop is null || context.Stop.TokenIndex < context.Start.TokenIndex;

    public static Name NameOf(MlSqlParser.NameContext context) => NameOf(SpanOf(context), context.ident());

    public static Name NameOf(Span span, IEnumerable<MlSqlParser.IdentContext> idents) =>
        new(span, [.. idents.SelectMany(ident => PartsOf(TokenOf(ident.Start)))]);

    public static Name NameOf(MlSqlParser.IdentContext ident) => NameOf(TokenOf(ident.Start));

    public static Name NameOf(SyntaxToken token) => new(token.Span, [.. PartsOf(token)]);

    public static ImmutableArray<Name> NamesOf(MlSqlParser.NamesContext context) => [.. context.name().Select(NameOf)];

    public static ModelReference ModelOf(MlSqlParser.ModelRefContext context)
    {
        Literal? version = context.versionWord() is { } word ? VersionOf(word) : context.NUMBER() is { } number ? TextOf(number) : null;
        Name? alias = context.ident() is { } ident ? NameOf(ident) : null;
        return new ModelReference(SpanOf(context), NameOf(context.name()), version, alias);
    }

    public static Literal VersionOf(MlSqlParser.VersionWordContext context) => LiteralOf(TokenOf(context.Start))!;

    public static Literal NumberOf(MlSqlParser.NumberContext context)
    {
        string digits = TokenOf(context.Stop).Text;
        return new Literal(SpanOf(context), LiteralKind.Number, context.MINUS() is null ? digits : "-" + digits);
    }

    public static Literal LiteralOf(MlSqlParser.LiteralContext context) =>
        context.number() is { } number ? NumberOf(number) : LiteralOf(TokenOf(context.Start))!;

    public static Literal TextOf(ITerminalNode node) => LiteralOf(TokenOf(node.Symbol))!;

    /// <summary>The literal that tokens from first to last are, or null when they are something else.</summary>
    public static Literal? LiteralOf(SyntaxToken[] tokens, int first, int last)
    {
        if (first == last) return LiteralOf(tokens[first]);
        bool signed = last == first + 1 && tokens[last].Type == MlSqlParser.NUMBER && tokens[first].Type is MlSqlParser.MINUS or MlSqlParser.PLUS;
        if (!signed) return null;
        string digits = tokens[last].Text;
        return new Literal(Span.Between(tokens[first].Span, tokens[last].Span), LiteralKind.Number, tokens[first].Type == MlSqlParser.MINUS ? "-" + digits : digits);
    }

    /// <summary>The literal that a token is, or null for a sign.</summary>
    public static Literal? LiteralOf(SyntaxToken token) => token.Type switch
    {
        MlSqlParser.NUMBER => new Literal(token.Span, LiteralKind.Number, token.Text),
        MlSqlParser.TEXT => new Literal(token.Span, LiteralKind.Text, Quotes.Unquote(token.Text)),
        MlSqlParser.K_TRUE => new Literal(token.Span, LiteralKind.Boolean, "true"),
        MlSqlParser.K_FALSE => new Literal(token.Span, LiteralKind.Boolean, "false"),
        MlSqlParser.K_NULL => new Literal(token.Span, LiteralKind.Null, "null"),
        _ when token.Token.Kind is TokenKind.Quoted => new Literal(token.Span, LiteralKind.Text, Quotes.Unquote(token.Text)) { Bare = true },
        _ when token.Token.Kind is TokenKind.Word => new Literal(token.Span, LiteralKind.Text, token.Text) { Bare = true },
        _ => null,
    };

    /// <summary>The parts of a name that one token holds: backticks split at dots.</summary>
    private static string[] PartsOf(SyntaxToken token)
    {
        string text = token.Text;
        if (token.Token.Kind != TokenKind.Quoted) return [text];
        string name = Quotes.Unquote(text);
        return text[0] == '`' ? name.Split('.') : [name];
    }
}
