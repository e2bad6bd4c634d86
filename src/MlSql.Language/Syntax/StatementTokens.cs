using MlSql.Language.Grammar;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>The tokens of the statement that is being built, and for each place the number of ML parts before it.</summary>
internal sealed class StatementTokens
{
    private readonly int[] _mlBefore;

    public StatementTokens(string source, SyntaxToken[] tokens)
    {
        Source = source;
        Tokens = tokens;
        _mlBefore = new int[tokens.Length + 1];
        for (int i = 0; i < tokens.Length; i++) _mlBefore[i + 1] = _mlBefore[i] + (IsMl(i) ? 1 : 0);
    }

    public string Source { get; }

    public SyntaxToken[] Tokens { get; }

    /// <summary>True when an ML part begins among the tokens from first to last.</summary>
    public bool HasMl(int first, int last) => last >= first && _mlBefore[last + 1] > _mlBefore[first];

    private bool IsMl(int i) => Tokens[i].Type switch
    {
        MlSqlParser.M_SCALAR or MlSqlParser.M_TABLE or MlSqlParser.M_TSQL or MlSqlParser.M_METHOD or MlSqlParser.M_MODEL_METHOD
            or MlSqlParser.M_REFUSED or MlSqlParser.M_PIPE or MlSqlParser.M_STREAM or MlSqlParser.M_ALIASED_MODEL => true,
        _ => false,
    };
}
