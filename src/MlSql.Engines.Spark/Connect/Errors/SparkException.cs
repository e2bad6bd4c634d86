using System.Collections.Immutable;
using MlSql.Planning;

namespace MlSql.Engines.Spark.Connect.Errors;

/// <summary>An error that Spark reports, or that a call to it met, MLS62xx; an error of our own worker keeps the worker's code.</summary>
internal sealed class SparkException(string code, string message, string? hint = null, Exception? inner = null) : EngineFailureException(code, message, hint, FailureOf(code), null, inner)
{
    /// <summary>Spark's name of the condition, like UNRESOLVED_COLUMN.WITH_SUGGESTION; null when it gives none.</summary>
    public string? ErrorClass { get; init; }

    /// <summary>Five characters, or null.</summary>
    public string? SqlState { get; init; }

    /// <summary>What the condition's text was filled with, by name.</summary>
    public ImmutableDictionary<string, string> Parameters { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Where in the statement; often empty.</summary>
    public ImmutableArray<QueryContext> Contexts { get; init; } = [];

    /// <summary>Line of the statement from 1 and column from 0, as Spark counts; null when it names none.</summary>
    public (int Line, int Column)? Position { get; init; }

    /// <summary>The server's id of this error, or null.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The operation that failed, or null.</summary>
    public string? OperationId { get; init; }

    /// <summary>Everything that Spark wrote, plans and stack traces included.</summary>
    public string FullText { get; init; } = message;

    /// <summary>The same error with its place in the statement as written, in UTF-16 code units.</summary>
    public SparkException At(int offset) => new(Code, Message, Hint, InnerException)
    {
        Offset = offset,
        ErrorClass = ErrorClass,
        SqlState = SqlState,
        Parameters = Parameters,
        Contexts = Contexts,
        Position = Position,
        ErrorId = ErrorId,
        OperationId = OperationId,
        FullText = FullText,
    };

    private static EngineFailure FailureOf(string code) => code switch
    {
        SparkErrorCodes.Limit or SparkErrorCodes.Deadline => EngineFailure.Limit,
        // The worker's limits of time and memory are the same as those of predictions in this process.
        "MLS4104" or "MLS4105" or "MLS4115" or "MLS4318" => EngineFailure.Limit,
        SparkErrorCodes.Unreachable or SparkErrorCodes.SessionLost or SparkErrorCodes.Tls or SparkErrorCodes.Protocol or SparkErrorCodes.ServerVersion => EngineFailure.Connection,
        SparkErrorCodes.Token or SparkErrorCodes.ConnectionString => EngineFailure.Credentials,
        _ => EngineFailure.Statement,
    };
}
