using System.Collections.Immutable;
using MlSql.Engines.Spark.Text;
using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>One SELECT of a statement, from its word to the end of its last clause, without the queries within it.</summary>
internal sealed class SelectBlock
{
    private readonly SqlTokens _tokens;
    private readonly int _select;
    private readonly int _from;
    private readonly ImmutableArray<(Clause Name, int First, int End)> _clauses;

    private SelectBlock(SqlTokens tokens, int select, int from, int endOfFrom, ImmutableArray<(Clause, int, int)> clauses)
    {
        (_tokens, _select, _from, _clauses) = (tokens, select, from, clauses);
        EndOfFrom = tokens.EndBefore(endOfFrom);
    }

    /// <summary>What a call may stand in.</summary>
    internal enum Clause
    {
        List,
        From,
        Where,
        Group,
        Having,
        Order,
        Other,
    }

    /// <summary>Where the relations end, in the text.</summary>
    public int EndOfFrom { get; }

    /// <summary>Each * of the list: where columns are left out of it, and whether it has a list of such in which the first one stands there.</summary>
    public IEnumerable<(int At, bool Listed)> Stars
    {
        get
        {
            foreach (int i in OwnTokens(_select + 1, _from))
            {
                if (!IsStar(i)) continue;
                bool listed = _tokens.IsAny(i + 1, "EXCLUDE", "EXCEPT") && _tokens.IsSymbol(i + 2, '(');
                yield return (_tokens[listed ? i + 2 : i].End, listed);
            }
        }
    }

    private bool IsDistinct => _tokens.Is(_select + 1, "DISTINCT");

    private bool Groups => _clauses.Any(c => c.Name is Clause.Group or Clause.Having);

    /// <summary>The blocks whose columns are all their own: those of the statement, of subqueries in FROM and of WITH. In a subquery within an expression a name may be one of the query around it.</summary>
    public static IEnumerable<SelectBlock> Find(SqlTokens tokens)
    {
        var relations = RelationPlaces.Find(tokens);
        var open = new Stack<int>();
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens.Kind(i) == TokenKind.Open) open.Push(i);
            else if (tokens.Kind(i) == TokenKind.Close) open.TryPop(out _);
            else if (tokens.Is(i, "SELECT") && tokens.Kind(i - 1) != TokenKind.Dot && open.All(IsQuery) && Read(tokens, i) is { } block) yield return block;
        }

        bool IsQuery(int bracket) => (relations[bracket] && !tokens.Is(bracket - 1, "LATERAL")) || tokens.IsAny(bracket - 1, "AS", "COPY");
    }

    /// <summary>Calls of the block's own clauses; a call within another one is part of that.</summary>
    public IEnumerable<SelectCall> Calls(IReadOnlySet<string> functions)
    {
        foreach (var (clause, first, end) in _clauses)
        {
            for (int i = first; i < end; i++)
            {
                if (_tokens.Kind(i) == TokenKind.Open && BeginsQuery(i + 1)) i = _tokens.Close(i);
                else if (_tokens.Kind(i) == TokenKind.Word && _tokens.IsSymbol(i + 1, '(') && functions.Contains(_tokens.Text(i)))
                {
                    int close = _tokens.Close(i + 1);
                    yield return new SelectCall(clause, i, close + 1, string.Join(' ', Enumerable.Range(i, close + 1 - i).Select(_tokens.Text)));
                    i = close;
                }
            }
        }
    }

    /// <summary>True for equal calls that Spark would compute more than once, or that are <paramref name="packed"/> and in WHERE at all, and that all mean the columns of FROM.</summary>
    public bool MayHoist(IReadOnlyList<SelectCall> calls, bool packed)
    {
        // Within one clause, and for the list and what it is grouped by, Spark finds out by itself.
        bool isRepeated = calls.Any(c => c.Clause is Clause.Where or Clause.Order) && calls.Select(c => c.Clause).Distinct().Count() > 1;
        if (!isRepeated && !(packed && calls.Any(c => c.Clause is Clause.Where))) return false;
        if (calls.Any(c => c.Clause is Clause.From or Clause.Having or Clause.Other)) return false;
        if (Enumerable.Range(_select, EndToken - _select).Any(i => _tokens.Kind(i) == TokenKind.Operator && _tokens.Text(i) is "->" or "|>")) return false;
        if (Enumerable.Range(_select + 1, _from - _select - 1).Any(i => IsStar(i) && (_tokens.Is(i + 1, "REPLACE") || (_tokens.IsAny(i + 1, "EXCLUDE", "EXCEPT") && !_tokens.IsSymbol(i + 2, '('))))) return false;
        if (_clauses.Any(c => c.Name != Clause.From && Enumerable.Range(c.First, c.End - c.First).Any(IsStarArgument))) return false;
        return !calls.Any(c => c.Clause == Clause.Order) || (!IsDistinct && !Groups && !Enumerable.Range(calls[0].First + 2, calls[0].End - calls[0].First - 3).Any(IsNamedByList));
    }

    private int EndToken => _clauses[^1].End;

    private static SelectBlock? Read(SqlTokens tokens, int select)
    {
        var clauses = ImmutableArray.CreateBuilder<(Clause, int, int)>();
        int from = -1, endOfFrom = -1, first = select + 1, i = first;
        var now = Clause.List;
        for (; i < tokens.Count && tokens.Kind(i) != TokenKind.Close; i++)
        {
            if (tokens.Kind(i) == TokenKind.Open) i = tokens.Close(i);
            else if (tokens.Kind(i) == TokenKind.Word && tokens.Kind(i - 1) != TokenKind.Dot && !tokens.Is(i - 1, "AS"))
            {
                if (tokens.IsAny(i, "UNION", "INTERSECT", "MINUS") || (tokens.Is(i, "EXCEPT") && !tokens.IsSymbol(i - 1, '*'))) break;
                // These give the columns other names, or stand before their FROM.
                if (tokens.IsAny(i, "PIVOT", "UNPIVOT", "SELECT", "INSERT")) return null;
                if (Begins(tokens, i) is not { } clause || (clause == Clause.From && from >= 0)) continue;
                Close(i);
                (now, first) = (clause, i + 1);
                if (clause == Clause.From) from = i;
            }
        }
        Close(i);
        return from < 0 ? null : new SelectBlock(tokens, select, from, endOfFrom, clauses.ToImmutable());

        void Close(int end)
        {
            clauses.Add((now, first, end));
            if (now == Clause.From) endOfFrom = end;
        }
    }

    private static Clause? Begins(SqlTokens tokens, int i)
    {
        if (tokens.Is(i, "FROM")) return tokens.Is(i - 1, "DISTINCT") && tokens.IsAny(i - 2, "IS", "NOT") ? null : Clause.From;
        if (tokens.Is(i, "WHERE")) return Clause.Where;
        if (tokens.Is(i, "HAVING")) return Clause.Having;
        if (tokens.IsAny(i, "GROUP", "ORDER", "SORT") && tokens.Is(i + 1, "BY")) return tokens.Is(i, "GROUP") ? Clause.Group : Clause.Order;
        return tokens.IsAny(i, "QUALIFY", "WINDOW", "LIMIT", "OFFSET") || (tokens.IsAny(i, "CLUSTER", "DISTRIBUTE") && tokens.Is(i + 1, "BY")) ? Clause.Other : null;
    }

    private IEnumerable<int> OwnTokens(int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            yield return i;
            if (_tokens.Kind(i) == TokenKind.Open) i = _tokens.Close(i);
        }
    }

    private bool IsStar(int i) => _tokens.IsSymbol(i, '*') && (_tokens.Kind(i - 1) == TokenKind.Comma || _tokens.IsAny(i - 1, "SELECT", "DISTINCT", "ALL"));

    // As in hash(*), which means every column there is; count(*) means none.
    private bool IsStarArgument(int i) => _tokens.IsSymbol(i, '*') && !OwnTokens(_select + 1, EndToken).Contains(i)
        && ((_tokens.Kind(i - 1) == TokenKind.Open && !_tokens.Is(i - 2, "COUNT")) || _tokens.Kind(i - 1) == TokenKind.Comma || _tokens.IsAny(i - 1, "DISTINCT", "ALL"));

    private bool BeginsQuery(int i) => _tokens.IsAny(i, "SELECT", "WITH", "FROM", "VALUES", "TABLE");

    // ORDER BY means a name of the list before it means a column.
    private bool IsNamedByList(int name) => _tokens.IsName(name) && OwnTokens(_select + 1, _from).Any(i => IsAlias(i) && string.Equals(_tokens.Unquoted(i), _tokens.Unquoted(name), StringComparison.OrdinalIgnoreCase));

    private bool IsAlias(int i) => _tokens.IsName(i) && (_tokens.Is(i - 1, "AS")
        || ((_tokens.Kind(i + 1) == TokenKind.Comma || i + 1 == _from) && i > _select + 1 && _tokens.Kind(i - 1) is TokenKind.Close or TokenKind.Word or TokenKind.Quoted or TokenKind.Text or TokenKind.Number && !_tokens.IsAny(i - 1, "DISTINCT", "ALL")));
}

/// <summary>A call of a registered function: where it begins, the token behind it, and its words, by which calls are equal.</summary>
internal sealed record SelectCall(SelectBlock.Clause Clause, int First, int End, string Text);
