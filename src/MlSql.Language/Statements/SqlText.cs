using System.Collections.Immutable;

namespace MlSql.Language.Statements;

/// <summary>
/// A stretch of the engine's SQL as parts in order: text that goes through as written, and the parts that we know. The parts cover the span without gaps:
/// printing each <see cref="Verbatim"/> gives back the source to the letter.
/// </summary>
public sealed record SqlText(Span Span, ImmutableArray<SqlPart> Parts)
{
    /// <summary>True when some ML part stands in here, however deep.</summary>
    public bool HasMl { get; init; }
}

/// <summary>A part of an <see cref="SqlText"/>. A closed family.</summary>
public abstract record SqlPart(Span Span);

/// <summary>Text that goes to the engine as written, comments and blanks included.</summary>
public sealed record Verbatim(Span Span) : SqlPart(Span);

/// <summary>
/// A query with a scope of its own: [WITH …] and one or more SELECT blocks joined by UNION and the like. <paramref name="Parts"/> cover the span.
/// A query without any ML in it stays <see cref="Verbatim"/>.
/// </summary>
public sealed record QueryExpression(Span Span, ImmutableArray<SqlPart> Parts) : SqlPart(Span)
{
    /// <summary>The WITH clause, one of <see cref="Parts"/>, or null.</summary>
    public WithClause? With => Parts.OfType<WithClause>().FirstOrDefault();
}

/// <summary>WITH [RECURSIVE] a AS ( … ), … ; the parts cover the span, <paramref name="ListSpan"/> is the list without the keywords.</summary>
public sealed record WithClause(Span Span, bool Recursive, Span ListSpan, ImmutableArray<SqlPart> Parts) : SqlPart(Span);

/// <summary>One SELECT … FROM … WHERE … block (in any clause order that the engine takes). The parts cover the span; among them are <see cref="SelectItem"/>s and at most one <see cref="FromClause"/>.</summary>
public sealed record SelectBlock(Span Span, ImmutableArray<SqlPart> Parts) : SqlPart(Span)
{
    /// <summary>The FROM clause, one of <see cref="Parts"/>, or null.</summary>
    public FromClause? From => Parts.OfType<FromClause>().FirstOrDefault();
}

/// <summary>One item of a select list. <paramref name="Alias"/> is null when none was written; <paramref name="Star"/> is true for * and t.*.</summary>
public sealed record SelectItem(Span Span, SqlText Expression, Name? Alias, bool Star) : SqlPart(Span);

/// <summary>The FROM clause; <paramref name="Relations"/> is its text after the keyword.</summary>
public sealed record FromClause(Span Span, SqlText Relations) : SqlPart(Span);

/// <summary>The scalar forms.</summary>
public enum PredictForm
{
    /// <summary>PREDICT(m, …): the predicted value.</summary>
    Predict,

    /// <summary>PREDICT_PROBA(m, …): the probabilities as a list.</summary>
    Proba,

    /// <summary>PREDICTION_PROBABILITY(m, 'class' …): one probability.</summary>
    Probability,
}

/// <summary>
/// A scalar prediction: PREDICT([MODEL] m, a, b), PREDICT(m USING *), PREDICTION(m USING a, b), PREDICTION_PROBABILITY(m, 'yes' USING a, b), m!predict(a, b), ML_PREDICT(m, a).
/// Arguments are null when USING * was written.
/// </summary>
public sealed record ScalarPredict(Span Span, PredictForm Form, ModelReference Model, bool SaysModel, ImmutableArray<PredictArgument>? Arguments) : SqlPart(Span)
{
    /// <summary>True when the arguments stood after USING: they are bound by name only.</summary>
    public bool ByUsing { get; init; }

    /// <summary>The class of PREDICTION_PROBABILITY, or null for the predicted one.</summary>
    public Literal? Class { get; init; }

    /// <summary>Options of the call (threshold).</summary>
    public ImmutableArray<Option> Options { get; init; } = [];
}

/// <summary>One argument: its text, and its column name when it is a plain (possibly qualified) column or has AS name or name => value.</summary>
public sealed record PredictArgument(Span Span, SqlText Expression, Name? Column);

/// <summary>
/// A table function of ours in FROM: ML.PREDICT(MODEL m, …), ML.EVALUATE, ML.WEIGHTS, ML.FEATURE_INFO and the other ML functions, ML_PREDICT(TABLE t, MODEL m, DESCRIPTOR(…)),
/// PREDICT(MODEL = m, DATA = t AS d) WITH (…), PREDICT(MODEL m, query). <paramref name="Function"/> is the name in upper case without "ML." ("PREDICT").
/// </summary>
public sealed record TableCall(Span Span, string Function, ModelReference? Model, RelationSource? Source, ImmutableArray<Option> Options) : SqlPart(Span)
{
    /// <summary>The columns of DESCRIPTOR ( … ), or null.</summary>
    public ImmutableArray<Name>? Descriptor { get; init; }

    /// <summary>Columns that the T-SQL form declares in WITH ( … ), or null.</summary>
    public ImmutableArray<Name>? DeclaredColumns { get; init; }
}

/// <summary>A form in a query that parses but is not carried out yet (pipe operators of ours, STREAM, …).</summary>
public sealed record NotCarriedOut(Span Span, string What) : SqlPart(Span);
