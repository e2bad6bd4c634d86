using System.Runtime.ExceptionServices;
using Antlr4.Runtime.Atn;
using MlSql.Language.Grammar;
using MlSql.Language.Statements;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Parses one statement's tokens. The grammar is only asked where there is ML.</summary>
internal static class StatementParser
{
    // A level of brackets takes about ten calls of 200 bytes in the parser and in the builders.
    private const int DepthOnThisStack = 50;
    private const int StackBytes = 64 << 20;

    public static ParseResult Parse(string source, Token[] tokens)
    {
        int depth = Depth(tokens, out Token deepest);
        if (depth > Parser.DeepestNesting) return Failed(source, Diagnostics.TooDeep(deepest.Span, Parser.DeepestNesting));
        try
        {
            return new ParseResult(source, depth <= DepthOnThisStack ? Statement(source, tokens) : OnLargeStack(() => Statement(source, tokens)), []);
        }
        catch (SyntaxException e)
        {
            return Failed(source, e.Diagnostic);
        }
    }

    /// <summary>A text that names a model and nothing else. Throws <see cref="SyntaxException"/>.</summary>
    public static ModelReference Reference(string source, ReadOnlySpan<Token> tokens)
    {
        (MlSqlParser parser, _) = ParserOf(source, tokens);
        return SmallParts.ModelOf(parser.modelReference().modelRef());
    }

    private static ParseResult Failed(string source, Diagnostic diagnostic) => new(source, null, [diagnostic]);

    private static Statement Statement(string source, ReadOnlySpan<Token> tokens)
    {
        Span span = Span.Between(tokens[0].Span, tokens[^1].Span);
        (StatementForm form, int at) = StatementVerb.Of(tokens, source);
        if (form == StatementForm.Engine)
        {
            if (Misspelling.Of(tokens, source) is { } near) throw new SyntaxException(near);
            return new EngineStatement(span);
        }
        CheckBrackets(source, tokens);
        return form switch
        {
            StatementForm.Explain => Explain(source, tokens, at, span),
            StatementForm.Suffix => Suffix(source, tokens, at, span),
            _ => Parsed(source, tokens, form, span),
        };
    }

    private static Statement Parsed(string source, ReadOnlySpan<Token> tokens, StatementForm form, Span span)
    {
        (MlSqlParser parser, StatementTokens marked) = ParserOf(source, tokens);
        var builder = new StatementBuilder(marked);
        return form == StatementForm.Ml ? builder.Statement(parser.statement(), span) : builder.Query(parser.queryStatement(), span);
    }

    private static Statement Suffix(string source, ReadOnlySpan<Token> tokens, int at, Span span)
    {
        (MlSqlParser queryParser, StatementTokens queryTokens) = ParserOf(source, tokens[..at]);
        SqlText query = new StatementBuilder(queryTokens).Query(queryParser.queryStatement(), span).Text;
        (MlSqlParser parser, StatementTokens marked) = ParserOf(source, tokens[at..]);
        return new SuffixBuilder(marked, query).Build(parser.suffix(), span);
    }

    private static Statement Explain(string source, ReadOnlySpan<Token> tokens, int at, Span span)
    {
        // EXPLAIN MODEL and EXPLAIN PREDICTIONS have stages of their own.
        bool isOurs = StatementVerb.IsStage(tokens[1], source) && at < tokens.Length && StatementVerb.Of(tokens[at..], source).Form == StatementForm.Ml;
        if (tokens[at].Is(source, "EXPLAIN") && !isOurs) throw new SyntaxException(Diagnostics.ExplainOfExplain(tokens[at].Span));
        if (tokens[1].Kind == TokenKind.Open) return new NotCarriedOutStatement(span, "EXPLAIN ( options )");
        ExplainStage stage = at == 1 ? ExplainStage.Plan : Enum.Parse<ExplainStage>(tokens[1].In(source), ignoreCase: true);
        return new ExplainStatement(span, stage, Statement(source, tokens[at..]));
    }

    private static (MlSqlParser, StatementTokens) ParserOf(string source, ReadOnlySpan<Token> tokens)
    {
        SyntaxToken[] marked = TokenMarker.Mark(source, tokens);
        var parser = new MlSqlParser(new SyntaxTokenStream(source, marked), TextWriter.Null, TextWriter.Null) { ErrorHandler = new FirstErrorStrategy() };
        parser.RemoveErrorListeners();
        parser.Interpreter.PredictionMode = PredictionMode.SLL;
        return (parser, new StatementTokens(source, marked));
    }

    private static int Depth(ReadOnlySpan<Token> tokens, out Token deepest)
    {
        int depth = 0, most = 0;
        deepest = tokens[0];
        foreach (Token token in tokens)
        {
            if (token.Kind == TokenKind.Close) depth = Math.Max(0, depth - 1);
            else if (token.Kind == TokenKind.Open && ++depth > most)
            {
                most = depth;
                if (most <= Parser.DeepestNesting + 1) deepest = token;
            }
        }
        return most;
    }

    private static void CheckBrackets(string source, ReadOnlySpan<Token> tokens)
    {
        int[] partners = Brackets.Match(tokens, source);
        for (int i = 0; i < tokens.Length; i++)
        {
            bool alone = tokens[i].Kind == TokenKind.Open ? partners[i] == -1 : tokens[i].Kind == TokenKind.Close && partners[i] == -2;
            if (alone) throw new SyntaxException(Diagnostics.BracketWithoutPartner(tokens[i].Span, tokens[i].In(source).ToString(), tokens[i].Kind == TokenKind.Open));
        }
    }

    private static Statement OnLargeStack(Func<Statement> parse)
    {
        Statement? statement = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    statement = parse();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackBytes);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return statement!;
    }
}
