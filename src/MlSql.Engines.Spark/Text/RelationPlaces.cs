using System.Collections;
using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Text;

/// <summary>Finds where relations stand: behind FROM and JOIN, and behind the commas between them.</summary>
internal sealed class RelationPlaces
{
    private static readonly string[] s_laterClauses = ["WHERE", "HAVING", "QUALIFY", "WINDOW", "LIMIT", "OFFSET", "UNION", "INTERSECT", "EXCEPT", "MINUS"];
    private static readonly string[] s_byClauses = ["GROUP", "ORDER", "SORT", "CLUSTER", "DISTRIBUTE"];

    private readonly SqlTokens _tokens;
    private readonly BitArray _places;
    private readonly Stack<Clause> _outer = new();
    private Clause _clause;

    private RelationPlaces(SqlTokens tokens)
    {
        _tokens = tokens;
        _places = new BitArray(tokens.Count + 1);
        // DESCRIBE and SUMMARIZE may be followed by a relation.
        if (tokens.IsAny(0, "DESCRIBE", "DESC", "SUMMARIZE")) _places[Math.Min(1, tokens.Count)] = true;
    }

    private enum Clause
    {
        None,
        SelectList,
        From,
        Other,
    }

    /// <summary>For each token whether a relation begins with it.</summary>
    public static BitArray Find(SqlTokens tokens)
    {
        var places = new RelationPlaces(tokens);
        for (int i = 0; i < tokens.Count; i++) places.Visit(i);
        return places._places;
    }

    private void Visit(int i)
    {
        switch (_tokens.Kind(i))
        {
            case TokenKind.Open:
                bool relation = _places[i] && _tokens.IsSymbol(i, '(');
                _outer.Push(_clause);
                _clause = relation ? Clause.From : Clause.None;
                if (relation) _places[i + 1] = true;
                break;
            case TokenKind.Close:
                if (_outer.TryPop(out Clause outer)) _clause = outer;
                break;
            case TokenKind.Operator when _clause != Clause.None && _tokens.Text(i) == "|>":
                _clause = Clause.Other;
                break;
            case TokenKind.Comma when _clause == Clause.From:
                _places[i + 1] = true;
                break;
            case TokenKind.Word when _tokens.Kind(i - 1) != TokenKind.Dot && !_tokens.Is(i - 1, "AS"):
            case TokenKind.Word when _tokens.IsAny(i, "SELECT", "FROM", "WITH", "VALUES"):
                VisitWord(i);
                break;
        }
    }

    private void VisitWord(int i)
    {
        if (_tokens.Is(i, "SELECT")) _clause = Clause.SelectList;
        else if (_tokens.Is(i, "FROM")) VisitFrom(i);
        else if (_tokens.Is(i, "JOIN") && _clause is Clause.From or Clause.Other) _places[i + 1] = true;
        else if (_tokens.Is(i, "USING") && _outer.Count == 0 && _tokens.Is(0, "MERGE")) _places[i + 1] = true;
        else if (_tokens.Is(i, "WITH") && _clause == Clause.None && _tokens.IsName(i + 1)) _clause = Clause.Other;
        else if (_tokens.Is(i, "VALUES") && (_places[i] || _clause == Clause.None)) _clause = Clause.Other;
        else if (_clause != Clause.None && (_tokens.IsAny(i, s_laterClauses) || (_tokens.IsAny(i, s_byClauses) && _tokens.Is(i + 1, "BY")))) _clause = Clause.Other;
    }

    private void VisitFrom(int i)
    {
        bool comparison = _tokens.Is(i - 1, "DISTINCT") && _tokens.IsAny(i - 2, "IS", "NOT");
        if (comparison || (_clause == Clause.None && !BeginsQuery(i))) return;
        _clause = Clause.From;
        _places[i + 1] = true;
    }

    // In other brackets without a SELECT, FROM belongs to a function: extract(year FROM x), trim(FROM x).
    private bool BeginsQuery(int i)
    {
        if (i == 0 || _tokens.IsAny(i - 1, "AS", "UNION", "INTERSECT", "EXCEPT", "ALL")) return true;
        if (_tokens.IsSymbol(i - 1, '(')) return !_tokens.Is(i - 2, "TRIM");
        return _outer.Count == 0 && _tokens.IsAny(0, "INSERT", "DESCRIBE", "DESC", "SUMMARIZE", "EXPLAIN");
    }
}
