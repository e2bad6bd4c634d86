using System.Collections.Immutable;
using MlSql.Language.Statements;

namespace MlSql.Language;

/// <summary>What parsing one statement gave: the statement, or the errors. Spans refer to <paramref name="Source"/>, the whole script.</summary>
public sealed record ParseResult(string Source, Statement? Statement, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>True when there is no statement to go on with.</summary>
    public bool Failed => Statement is null;
}

/// <summary>What parsing the name of a model gave: the reference, or the errors. Spans refer to <paramref name="Source"/>.</summary>
public sealed record ReferenceResult(string Source, ModelReference? Reference, ImmutableArray<Diagnostic> Diagnostics);
