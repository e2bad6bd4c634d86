using System.Collections.Immutable;

namespace MlSql.Language.Statements;

/// <summary>One statement of a script. A closed family of records; <paramref name="Span"/> covers it without the semicolon.</summary>
public abstract record Statement(Span Span);

/// <summary>A statement with no ML in it: it goes to the engine word for word.</summary>
public sealed record EngineStatement(Span Span) : Statement(Span);

/// <summary>A statement of the engine with ML parts inside: SELECT, CREATE TABLE | VIEW … AS, INSERT … SELECT, COPY, UPDATE and so on.</summary>
public sealed record QueryStatement(Span Span, SqlText Text) : Statement(Span);

/// <summary>How TRAIN and CREATE MODEL treat a model that exists.</summary>
public enum TrainMode
{
    /// <summary>TRAIN: makes the model or adds a version.</summary>
    Train,

    /// <summary>CREATE MODEL: an error if it exists.</summary>
    Create,

    /// <summary>CREATE OR REPLACE MODEL: adds a version.</summary>
    CreateOrReplace,

    /// <summary>CREATE MODEL IF NOT EXISTS: does nothing if it exists.</summary>
    CreateIfNotExists,
}

/// <summary>TRAIN … or CREATE MODEL … AS query. Clauses that were not written are null or empty.</summary>
public sealed record TrainStatement(Span Span, TrainMode Mode, Name Model, SqlText Query) : Statement(Span)
{
    /// <summary>The estimator of USING.</summary>
    public Name? Estimator { get; init; }

    /// <summary>Options of USING e ( … ), OPTIONS ( … ) and WITH ( … ), in order.</summary>
    public ImmutableArray<Option> Options { get; init; } = [];

    /// <summary>LABEL column.</summary>
    public Name? Label { get; init; }

    /// <summary>FEATURES ( … ), or null.</summary>
    public FeatureList? Features { get; init; }

    /// <summary>WEIGHT BY expr.</summary>
    public SqlText? WeightBy { get; init; }

    /// <summary>WEIGHT CLASSES BALANCED.</summary>
    public Span? BalancedClasses { get; init; }

    /// <summary>WEIGHT CLASSES ( value => weight, … ).</summary>
    public ImmutableArray<ClassWeight> ClassWeights { get; init; } = [];

    /// <summary>SPLIT …</summary>
    public SplitClause? Split { get; init; }

    /// <summary>SEED n.</summary>
    public Literal? Seed { get; init; }

    /// <summary>EARLY STOPPING, or null.</summary>
    public EarlyStoppingClause? EarlyStopping { get; init; }

    /// <summary>COMMENT 's'.</summary>
    public Literal? Comment { get; init; }

    /// <summary>Clauses that parse but are not carried out yet, by name.</summary>
    public ImmutableArray<UnsupportedClause> Unsupported { get; init; } = [];

    /// <summary>True for CREATE MODEL … OPTIONS (model_type = …), whose defaults follow BigQuery.</summary>
    public bool ByModelType { get; init; }
}

/// <summary>EARLY STOPPING [ ( options ) ].</summary>
public sealed record EarlyStoppingClause(Span Span, ImmutableArray<Option> Options);

/// <summary>FEATURES ( a, b ) or FEATURES ( * EXCEPT (c) ).</summary>
public sealed record FeatureList(Span Span, bool Star, ImmutableArray<Name> Except, ImmutableArray<Name> Columns);

/// <summary>value => weight of WEIGHT CLASSES.</summary>
public sealed record ClassWeight(Literal Value, Literal Weight);

/// <summary>The ways of SPLIT.</summary>
public enum SplitKind
{
    /// <summary>By a hash of the row's values and the seed.</summary>
    Random,

    /// <summary>By an expression: BOOLEAN (true = eval) or 'train' | 'eval' | 'test'.</summary>
    By,

    /// <summary>All rows train.</summary>
    None,
}

/// <summary>SPLIT { RANDOM | BY expr | NONE } [EVAL f] [TEST f].</summary>
public sealed record SplitClause(Span Span, SplitKind Kind, SqlText? By, Literal? Eval, Literal? Test);

/// <summary>A clause that parses but is not carried out yet.</summary>
public sealed record UnsupportedClause(Span Span, string Name);

/// <summary>REFRESH MODEL name.</summary>
public sealed record RefreshStatement(Span Span, Name Model) : Statement(Span);

/// <summary>PREDICT m ON source [WITH ( … )] [INTO table].</summary>
public sealed record PredictStatement(Span Span, ModelReference Model, RelationSource Source, ImmutableArray<Option> Options, Name? Into) : Statement(Span);

/// <summary>EVALUATE m [ON source] [BY columns] [WITH ( … )] [INTO table].</summary>
public sealed record EvaluateStatement(Span Span, ModelReference Model, RelationSource? Source, ImmutableArray<Name> By, ImmutableArray<Option> Options, Name? Into) : Statement(Span);

/// <summary>Which stage EXPLAIN prints.</summary>
public enum ExplainStage
{
    /// <summary>EXPLAIN: the program and the engine's own plan.</summary>
    Plan,

    /// <summary>EXPLAIN ANALYZE: runs it.</summary>
    Analyze,

    /// <summary>EXPLAIN COST.</summary>
    Cost,

    /// <summary>EXPLAIN SYNTAX.</summary>
    Syntax,

    /// <summary>EXPLAIN BOUND.</summary>
    Bound,

    /// <summary>EXPLAIN OPTIMIZED.</summary>
    Optimized,

    /// <summary>EXPLAIN PROGRAM.</summary>
    Program,
}

/// <summary>EXPLAIN [stage] statement, where the statement has ML in it or a stage of ours is asked for.</summary>
public sealed record ExplainStatement(Span Span, ExplainStage Stage, Statement Statement) : Statement(Span);

/// <summary>EXPLAIN MODEL m [ON source] [WITH ( … )]: what matters to the model as a whole.</summary>
public sealed record ExplainModelStatement(Span Span, ModelReference Model, RelationSource? Source, ImmutableArray<Option> Options) : Statement(Span);

/// <summary>EXPLAIN PREDICTIONS OF m ON source [WITH ( … )] [INTO table]: what made each row's prediction.</summary>
public sealed record ExplainPredictionsStatement(Span Span, ModelReference Model, RelationSource Source, ImmutableArray<Option> Options, Name? Into) : Statement(Span);

/// <summary>DROP MODEL [IF EXISTS] name.</summary>
public sealed record DropModelStatement(Span Span, Name Model, bool IfExists) : Statement(Span);

/// <summary>SHOW MODELS [LIKE 'p'].</summary>
public sealed record ShowModelsStatement(Span Span, Literal? Like) : Statement(Span);

/// <summary>SHOW VERSIONS IN MODEL m.</summary>
public sealed record ShowVersionsStatement(Span Span, Name Model) : Statement(Span);

/// <summary>SHOW CREATE MODEL ref.</summary>
public sealed record ShowCreateModelStatement(Span Span, ModelReference Model) : Statement(Span);

/// <summary>DESCRIBE MODEL ref.</summary>
public sealed record DescribeModelStatement(Span Span, ModelReference Model) : Statement(Span);

/// <summary>ALTER MODEL [IF EXISTS] name action.</summary>
public sealed record AlterModelStatement(Span Span, Name Model, bool IfExists, AlterAction Action) : Statement(Span);

/// <summary>What ALTER MODEL does. A closed family.</summary>
public abstract record AlterAction(Span Span);

/// <summary>RENAME TO name.</summary>
public sealed record RenameAction(Span Span, Name To) : AlterAction(Span);

/// <summary>SET ALIAS a = [VERSION] v (also VERSION v SET ALIAS = a).</summary>
public sealed record SetAliasAction(Span Span, Name Alias, Literal Version) : AlterAction(Span);

/// <summary>UNSET ALIAS a.</summary>
public sealed record UnsetAliasAction(Span Span, Name Alias) : AlterAction(Span);

/// <summary>SET DEFAULT VERSION v (also SET DEFAULT_VERSION = v).</summary>
public sealed record SetDefaultAction(Span Span, Literal Version) : AlterAction(Span);

/// <summary>ROLLBACK [TO VERSION v].</summary>
public sealed record RollbackAction(Span Span, Literal? To) : AlterAction(Span);

/// <summary>DROP VERSION v.</summary>
public sealed record DropVersionAction(Span Span, Literal Version) : AlterAction(Span);

/// <summary>COMMENT 's'.</summary>
public sealed record CommentAction(Span Span, Literal Comment) : AlterAction(Span);

/// <summary>IMPORT MODEL name FROM 'path' …, or CREATE MODEL name … OPTIONS (model_type = 'ONNX', model_path = 'path') without a query.</summary>
public sealed record ImportStatement(Span Span, TrainMode Mode, Name Model, Literal Path) : Statement(Span)
{
    /// <summary>FORMAT f; null where the file tells.</summary>
    public Name? Format { get; init; }

    /// <summary>INPUT ( … ); empty when it was not written.</summary>
    public ImmutableArray<TensorInput> Inputs { get; init; } = [];

    /// <summary>OUTPUT ( … ); empty when it was not written.</summary>
    public ImmutableArray<TensorOutput> Outputs { get; init; } = [];

    /// <summary>COMMENT 's'.</summary>
    public Literal? Comment { get; init; }

    /// <summary>Options of CREATE MODEL besides model_type and model_path.</summary>
    public ImmutableArray<Option> Options { get; init; } = [];

    /// <summary>Clauses of CREATE MODEL that have no meaning here, by name.</summary>
    public ImmutableArray<UnsupportedClause> Unsupported { get; init; } = [];
}

/// <summary>tensor [FROM { feature | ( feature, … ) }] [type]; without FROM <paramref name="Features"/> is empty.</summary>
public sealed record TensorInput(Span Span, Name Tensor, ImmutableArray<Name> Features, Literal? Type);

/// <summary>tensor [AS column] [type].</summary>
public sealed record TensorOutput(Span Span, Name Tensor, Name? Column, Literal? Type);

/// <summary>EXPORT MODEL m TO 'path' [FORMAT f] [OPTIONS ( … )].</summary>
public sealed record ExportStatement(Span Span, ModelReference Model, Literal? Path, Name? Format, ImmutableArray<Option> Options) : Statement(Span);

/// <summary>A statement that parses but is not carried out yet; <paramref name="What"/> names it ("TUNE MODEL", "SPLIT KFOLD").</summary>
public sealed record NotCarriedOutStatement(Span Span, string What) : Statement(Span);
