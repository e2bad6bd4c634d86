using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Onnx;
using MlSql.Models.Trees;

namespace MlSql.Planning.Plans;

/// <summary>A statement with every name resolved. A closed family of values; printing one is EXPLAIN BOUND.</summary>
public abstract record BoundStatement
{
    private protected BoundStatement() { }
}

/// <summary>SQL for the engine. <paramref name="Plain"/>: word for word as the user wrote it.</summary>
public sealed record BoundQuery(BoundSql Sql, bool Plain) : BoundStatement;

/// <summary>What the SPLIT of a training does.</summary>
public enum BoundSplitKind
{
    /// <summary>All rows train.</summary>
    None,

    /// <summary>By a hash of the row and the seed.</summary>
    Random,

    /// <summary>By a column that is computed with the rows.</summary>
    Column,

    /// <summary>By the number of rows: none below 500, a fifth up to 50,000, else 10,000 rows for evaluation.</summary>
    Auto,
}

/// <summary>A split with its fractions, and the expression of <see cref="BoundSplitKind.Column"/> over the query's columns.</summary>
public sealed record BoundSplit(BoundSplitKind Kind, double Eval, double Test, BoundSql? By);

/// <summary>A training: every option present, every column typed.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Estimator">What is trained.</param>
/// <param name="Options">Its options.</param>
/// <param name="Query">The rows.</param>
/// <param name="Features">Feature columns of the query.</param>
/// <param name="Label">The label column of the query.</param>
/// <param name="Weight">The weight expression over the query's columns, or null.</param>
/// <param name="BalancedClasses">Classes weigh n / (k · n_c).</param>
/// <param name="ClassWeights">Weights by class text.</param>
/// <param name="Split">Which rows train.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Comment">A comment to keep.</param>
/// <param name="Statement">The statement in canonical form, for SHOW CREATE MODEL and REFRESH.</param>
public sealed record BoundTrain(
    string Name,
    EstimatorInfo Estimator,
    OptionValues Options,
    BoundSql Query,
    ImmutableArray<Field> Features,
    Field Label,
    BoundSql? Weight,
    bool BalancedClasses,
    ImmutableSortedDictionary<string, double> ClassWeights,
    BoundSplit Split,
    long Seed,
    string? Comment,
    string Statement) : BoundStatement
{
    /// <summary>When to stop before the last iteration, or null.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Columns of the step's query: the features, the label, and where they are said the weight and the split.</summary>
    public int QueryColumns => Features.Length + 1 + (Weight is null ? 0 : 1) + (Split.By is null ? 0 : 1);
}

/// <summary>Nothing to do, and why: CREATE MODEL IF NOT EXISTS, DROP MODEL IF EXISTS.</summary>
public sealed record BoundNothing(string Why) : BoundStatement;

/// <summary>The listings that SHOW and DESCRIBE give.</summary>
public enum ListingKind
{
    /// <summary>SHOW MODELS.</summary>
    Models,

    /// <summary>SHOW VERSIONS IN MODEL.</summary>
    Versions,

    /// <summary>SHOW CREATE MODEL.</summary>
    CreateModel,

    /// <summary>DESCRIBE MODEL.</summary>
    Describe,

    /// <summary>EXPLAIN MODEL.</summary>
    Explain,
}

/// <summary>A listing: SQL over the system tables, or rows that are known already.</summary>
public sealed record BoundListing(ListingKind Kind, BoundSql Sql) : BoundStatement;

/// <summary>DROP MODEL.</summary>
public sealed record BoundDropModel(string Name) : BoundStatement;

/// <summary>ALTER MODEL with its action; versions are resolved to numbers.</summary>
public sealed record BoundAlter(string Name, BoundAlteration Action) : BoundStatement;

/// <summary>What ALTER MODEL does. A closed family.</summary>
public abstract record BoundAlteration
{
    private protected BoundAlteration() { }
}

/// <summary>RENAME TO.</summary>
public sealed record BoundRename(string To) : BoundAlteration;

/// <summary>SET ALIAS.</summary>
public sealed record BoundSetAlias(string Alias, int Version) : BoundAlteration;

/// <summary>UNSET ALIAS.</summary>
public sealed record BoundUnsetAlias(string Alias) : BoundAlteration;

/// <summary>SET DEFAULT VERSION, ROLLBACK TO VERSION.</summary>
public sealed record BoundSetDefault(int Version) : BoundAlteration;

/// <summary>ROLLBACK to the default before the last change.</summary>
public sealed record BoundRollback : BoundAlteration;

/// <summary>DROP VERSION.</summary>
public sealed record BoundDropVersion(int Version) : BoundAlteration;

/// <summary>COMMENT.</summary>
public sealed record BoundComment(string Comment) : BoundAlteration;

/// <summary>A graph from a file, whose tensors meet columns as it says. What its outputs are is found by running it.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Path">The file, as it was written.</param>
/// <param name="File">What the reader found in it.</param>
/// <param name="Features">The columns that are read.</param>
/// <param name="Inputs">How they fill the graph's tensors.</param>
/// <param name="Batch">The number of rows that the graph takes at once where it is fixed.</param>
/// <param name="Columns">The column of each graph output.</param>
/// <param name="Comment">A comment to keep.</param>
/// <param name="Statement">The statement in canonical form, for SHOW CREATE MODEL and REFRESH.</param>
public sealed record BoundImport(
    string Name, string Path, OnnxModel File, ImmutableArray<Feature> Features, ImmutableArray<GraphInput> Inputs, int? Batch, ImmutableArray<string> Columns, string? Comment, string Statement) : BoundStatement;

/// <summary>A model of LightGBM or XGBoost from a file.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Path">The file, as it was written.</param>
/// <param name="File">What the reader found in it.</param>
/// <param name="Features">The columns that are read, one a feature of the file.</param>
/// <param name="Column">The column of the prediction.</param>
/// <param name="Comment">A comment to keep.</param>
/// <param name="Statement">The statement in canonical form, for SHOW CREATE MODEL and REFRESH.</param>
public sealed record BoundBoosterImport(string Name, string Path, ImportedFile.Booster File, ImmutableArray<string> Features, string Column, string? Comment, string Statement) : BoundStatement;

/// <summary>EXPORT MODEL to a file; <paramref name="Format"/> is "onnx". <paramref name="Training"/> is what the training columns held, <paramref name="Trees"/> what the thresholds of trees become.</summary>
public sealed record BoundExport(ModelVersion Model, string Path, string Format, ImmutableArray<FeatureStatistics> Training, TreePrecision Trees) : BoundStatement;

/// <summary>EXPLAIN: which stage of which statement. <paramref name="Inner"/> is null for a stage that needs only the syntax.</summary>
public sealed record BoundExplain(ExplainStage Stage, Statement Syntax, BoundStatement? Inner) : BoundStatement;

/// <summary>What binding gave: the statement or errors, and warnings either way.</summary>
public sealed record BindResult(BoundStatement? Statement, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>True when there is nothing to go on with.</summary>
    public bool Failed => Statement is null;
}
