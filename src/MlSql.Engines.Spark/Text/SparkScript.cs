using System.Collections.Immutable;

namespace MlSql.Engines.Spark.Text;

/// <summary>A statement in Spark's words. The parts run in order: Before, then <see cref="Main"/> (or <see cref="Write"/>), then After; the first failure ends it.</summary>
/// <param name="Before">Views over files; all may run again, and a description of <see cref="Main"/> needs them too.</param>
/// <param name="Main">The statement; null where nothing is left to do (IF NOT EXISTS), and for a <see cref="Write"/>.</param>
/// <param name="IsQuery">True when <see cref="Main"/> gives rows.</param>
/// <param name="Names">The session's names once all has worked.</param>
internal sealed record SparkScript(ImmutableArray<SparkText> Before, SparkText? Main, bool IsQuery, SparkNames Names)
{
    /// <summary>The session's names once something has failed: numbers that were used are not used again.</summary>
    public SparkNames NamesIfFailed { get; init; } = Names;

    /// <summary>What completes the statement once <see cref="Main"/> has worked.</summary>
    public ImmutableArray<SparkText> After { get; init; } = [];

    /// <summary>Statements for the session's end, also when this one fails; each may run though there is nothing to drop.</summary>
    public ImmutableArray<string> DropAtEnd { get; init; } = [];

    /// <summary>What a COPY … TO writes, in place of <see cref="Main"/>.</summary>
    public SparkWrite? Write { get; init; }

    /// <summary>The view of a CREATE VIEW without TEMP, which is to be there in other sessions as well: its name, and the statement that makes or replaces it.</summary>
    public (string Name, string Definition)? LastingView { get; init; }

    /// <summary>The view that a DROP VIEW names.</summary>
    public string? DroppedView { get; init; }

    /// <summary>Paths that the statement reads, as Spark gets them.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];
}

/// <summary>Rows that go to files, in place of what is there or beside it.</summary>
/// <param name="Query">The rows.</param>
/// <param name="Format">parquet, csv or json.</param>
/// <param name="Target">The folder, as Spark gets it; to be checked against the query's input files.</param>
/// <param name="Options">Spark's options of the format.</param>
/// <param name="PartitionBy">Columns whose values make folders.</param>
/// <param name="Append">True to add to what is there.</param>
/// <param name="Overwrite">True where the statement says itself that what is there may go, whoever wrote it.</param>
internal sealed record SparkWrite(SparkText Query, string Format, string Target, ImmutableArray<KeyValuePair<string, string>> Options, ImmutableArray<string> PartitionBy, bool Append, bool Overwrite);
