using System.Collections.Frozen;
using Antlr4.Runtime;
using MlSql.Language.Grammar;

namespace MlSql.Language.Tokens;

/// <summary>
/// Gives each token of a statement its type in the grammar: which words are keywords here, where queries, their clauses and ML parts begin. What it decides
/// spares the grammar all lookahead.
/// </summary>
internal sealed class TokenMarker
{
    private enum Clause : byte
    {
        None,
        SelectList,
        From,
        Other,
    }

    private struct Frame
    {
        public Clause Clause;
        public bool TableCall;
    }

    // ML functions that give rows wherever they stand; any other ML function is a value unless it stands where a relation does.
    private static readonly FrozenSet<string> s_rowFunctions = FrozenSet.ToFrozenSet(
        ["PREDICT", "EVALUATE", "EXPLAIN_PREDICT", "FEATURE_INFO", "TRAINING_INFO", "TRIAL_INFO", "FEATURE_IMPORTANCE", "WEIGHTS", "CONFUSION_MATRIX", "ROC_CURVE", "FORECAST", "RECOMMEND", "CENTROIDS", "DETECT_ANOMALIES", "GLOBAL_EXPLAIN"],
        StringComparer.OrdinalIgnoreCase);

    private readonly string _source;
    private readonly Token[] _tokens;
    private readonly SyntaxToken[] _marked;
    private readonly List<Frame> _frames = [default];
    private readonly bool _insert;

    private TokenMarker(string source, ReadOnlySpan<Token> tokens)
    {
        _source = source;
        _tokens = tokens.ToArray();
        _marked = new SyntaxToken[tokens.Length + 1];
        _insert = tokens.Length > 0 && tokens[0].Is(source, "INSERT");
    }

    /// <summary>The tokens with their types, and the end of input.</summary>
    public static SyntaxToken[] Mark(string source, ReadOnlySpan<Token> tokens)
    {
        var marker = new TokenMarker(source, tokens);
        for (int i = 0; i < tokens.Length; i++)
        {
            marker._marked[i] = new SyntaxToken(source, tokens[i], i);
            marker._marked[i].Type = marker.TypeOf(i);
        }
        int end = tokens.Length == 0 ? 0 : tokens[^1].End;
        marker._marked[^1] = new SyntaxToken(source, new Token(TokenKind.Operator, end, 0), tokens.Length) { Type = TokenConstants.EOF };
        return marker._marked;
    }

    private ref Frame Top => ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_frames)[^1];

    private int TypeAt(int i) => i < 0 ? TokenConstants.InvalidType : _marked[i].Type;

    private bool Is(int i, string word) => i >= 0 && i < _tokens.Length && _tokens[i].Is(_source, word);

    private bool IsSymbol(int i, char symbol) => i >= 0 && i < _tokens.Length && _tokens[i].IsSymbol(_source, symbol);

    private bool IsName(int i) => i < _tokens.Length && _tokens[i].Kind is TokenKind.Word or TokenKind.Quoted;

    private int TypeOf(int i)
    {
        Token token = _tokens[i];
        switch (token.Kind)
        {
            case TokenKind.Quoted: return MlSqlParser.QUOTED;
            case TokenKind.Text: return MlSqlParser.TEXT;
            case TokenKind.Number: return MlSqlParser.NUMBER;
            case TokenKind.Parameter: return MlSqlParser.PARAMETER;
            case TokenKind.Comma: return MlSqlParser.COMMA;
            case TokenKind.Dot: return MlSqlParser.DOT;
            case TokenKind.Open:
                _frames.Add(new Frame { TableCall = i > 0 && IsRows(i) });
                return _source[token.Start] switch { '(' => MlSqlParser.LPAREN, '[' => MlSqlParser.LBRACKET, _ => MlSqlParser.LBRACE };
            case TokenKind.Close:
                if (_frames.Count > 1) _frames.RemoveAt(_frames.Count - 1);
                return _source[token.Start] switch { ')' => MlSqlParser.RPAREN, ']' => MlSqlParser.RBRACKET, _ => MlSqlParser.RBRACE };
            case TokenKind.Word: return TypeOfWord(i);
            default: return TypeOfOperator(i);
        }
    }

    private bool IsRows(int open) => TypeAt(open - 1) == MlSqlParser.M_TABLE || (TypeAt(open - 2) == MlSqlParser.DOT && TypeAt(open - 3) == MlSqlParser.M_TABLE);

    private int TypeOfOperator(int i)
    {
        MlCall call = MlCalls.At(_tokens, i, _source);
        if (call == MlCall.Pipe) return MlSqlParser.M_PIPE;
        if (call == MlCall.Method) MarkMethod(i);
        return _tokens[i].In(_source) switch
        {
            "*" => MlSqlParser.STAR,
            "=" => MlSqlParser.EQUALS,
            "=>" => MlSqlParser.ARROW,
            ":=" => MlSqlParser.ASSIGN,
            "@" => MlSqlParser.AT,
            "!" => MlSqlParser.BANG,
            "-" => MlSqlParser.MINUS,
            "+" => MlSqlParser.PLUS,
            _ => MlSqlParser.SYMBOL,
        };
    }

    private void MarkMethod(int bang)
    {
        int start = MlCalls.MethodStart(_tokens, bang, _source);
        _marked[start].Type = _tokens[bang - 1].Kind == TokenKind.Close ? MlSqlParser.M_MODEL_METHOD : MlSqlParser.M_METHOD;
    }

    private int TypeOfWord(int i)
    {
        int previous = TypeAt(i - 1);
        if (previous == MlSqlParser.DOT) return MlSqlParser.WORD;
        switch (MlCalls.At(_tokens, i, _source))
        {
            case MlCall.Predict when Is(i, "PREDICTION_DETAILS"): return MlSqlParser.M_REFUSED;
            case MlCall.Predict: return IsRelation(i) ? MlSqlParser.M_TABLE : MlSqlParser.M_SCALAR;
            case MlCall.Rows: return MlSqlParser.M_TABLE;
            case MlCall.Tsql: return MlSqlParser.M_TSQL;
            case MlCall.AiFunction: return MlSqlParser.M_REFUSED;
            case MlCall.MlFunction:
                return IsRelation(i) || s_rowFunctions.Contains(_tokens[i + 2].In(_source).ToString()) ? MlSqlParser.M_TABLE : MlSqlParser.M_REFUSED;
        }
        int type = Keywords.TypeOf(_tokens[i].In(_source));
        return type == MlSqlParser.WORD ? type : TypeOfKeyword(i, type, previous);
    }

    // JOIN and LATERAL are plain words to the grammar.
    private bool IsRelation(int i)
    {
        int previous = TypeAt(i - 1);
        // In brackets without a SELECT, FROM belongs to a function: extract(year FROM x).
        if (previous is MlSqlParser.K_FROM or MlSqlParser.M_QUERY_FROM) return Top.Clause == Clause.From || _frames.Count == 1;
        if (previous == MlSqlParser.COMMA) return Top.Clause == Clause.From;
        return previous == MlSqlParser.WORD && (Is(i - 1, "JOIN") || Is(i - 1, "LATERAL"));
    }

    private int TypeOfKeyword(int i, int type, int previous)
    {
        ref Frame frame = ref Top;
        bool aliasedModel = type == MlSqlParser.K_MODEL && previous == MlSqlParser.K_AS && frame.Clause == Clause.Other && IsName(i + 1);
        if (aliasedModel) return MlSqlParser.M_ALIASED_MODEL;
        bool alias = previous == MlSqlParser.K_AS && frame.Clause != Clause.None && type is not (MlSqlParser.K_SELECT or MlSqlParser.K_NOT or MlSqlParser.K_MATERIALIZED);
        if (alias) return MlSqlParser.WORD;
        switch (type)
        {
            case MlSqlParser.K_SELECT:
                frame.Clause = Clause.SelectList;
                return type;
            case MlSqlParser.K_FROM:
                return TypeOfFrom(i, previous, ref frame);
            case MlSqlParser.K_WITH:
                if (Is(i + 1, "TIME") || Is(i + 1, "ORDINALITY")) return MlSqlParser.WORD;
                if (!BeginsCommonTables(i)) return type;
                frame.Clause = Clause.Other;
                return MlSqlParser.M_QUERY_WITH;
            case MlSqlParser.K_GROUP or MlSqlParser.K_ORDER when !Is(i + 1, "BY"):
                return MlSqlParser.WORD;
            case MlSqlParser.K_WHERE or MlSqlParser.K_GROUP or MlSqlParser.K_HAVING or MlSqlParser.K_QUALIFY or MlSqlParser.K_WINDOW or MlSqlParser.K_ORDER or MlSqlParser.K_LIMIT or MlSqlParser.K_OFFSET:
                if (frame.Clause != Clause.None) frame.Clause = Clause.Other;
                return type;
            case MlSqlParser.K_EXCEPT when previous == MlSqlParser.STAR && IsSymbol(i + 1, '(') && !Is(i + 2, "SELECT"):
                return type;
            case MlSqlParser.K_UNION or MlSqlParser.K_INTERSECT or MlSqlParser.K_EXCEPT when frame.Clause != Clause.None:
                frame.Clause = Clause.Other;
                return MlSqlParser.M_SET;
            case MlSqlParser.K_ALL or MlSqlParser.K_DISTINCT or MlSqlParser.K_BY when previous is MlSqlParser.M_SET or MlSqlParser.M_SET_WORD:
                return MlSqlParser.M_SET_WORD;
            case MlSqlParser.K_STREAM when IsRelation(i) && (IsName(i + 1) || IsSymbol(i + 1, '(')) && !Is(i + 1, "WHERE") && !Is(i + 1, "AS"):
                return MlSqlParser.M_STREAM;
            default:
                return type;
        }
    }

    private int TypeOfFrom(int i, int previous, ref Frame frame)
    {
        if (previous == MlSqlParser.K_DISTINCT && (Is(i - 2, "IS") || Is(i - 2, "NOT"))) return MlSqlParser.WORD;
        if (frame.Clause != Clause.None)
        {
            frame.Clause = Clause.From;
            return MlSqlParser.K_FROM;
        }
        bool first = previous is TokenConstants.InvalidType or MlSqlParser.LPAREN or MlSqlParser.K_AS or MlSqlParser.K_UNION or MlSqlParser.K_INTERSECT or MlSqlParser.K_EXCEPT or MlSqlParser.K_ALL
            || (previous == MlSqlParser.COMMA && frame.TableCall) || (_insert && _frames.Count == 1);
        if (!first) return MlSqlParser.K_FROM;
        frame.Clause = Clause.From;
        return MlSqlParser.M_QUERY_FROM;
    }

    // WITH [RECURSIVE] name [(columns)] [USING KEY (columns)] AS
    private bool BeginsCommonTables(int i)
    {
        int at = i + 1;
        if (Is(at, "RECURSIVE")) at++;
        if (!IsName(at)) return false;
        at = AfterBrackets(at + 1);
        if (Is(at, "USING") && Is(at + 1, "KEY")) at = AfterBrackets(at + 2);
        return Is(at, "AS");
    }

    private int AfterBrackets(int i)
    {
        if (!IsSymbol(i, '(')) return i;
        while (i < _tokens.Length && _tokens[i].Kind != TokenKind.Close) i++;
        return i + 1;
    }
}
