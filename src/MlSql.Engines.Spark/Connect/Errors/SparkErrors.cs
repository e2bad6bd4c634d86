using MlSql.Engines.Spark.Connect.Transport;

namespace MlSql.Engines.Spark.Connect.Errors;

/// <summary>Turns failures of calls into what users see: by who failed, then by the condition that Spark names.</summary>
internal static class SparkErrors
{
    public const string OperationNotFound = "INVALID_HANDLE.OPERATION_NOT_FOUND";
    public const string OperationAlreadyExists = "INVALID_HANDLE.OPERATION_ALREADY_EXISTS";
    private const string TokenHint = "add ;token=… to the connection string, or set SPARK_CONNECT_AUTHENTICATE_TOKEN";

    /// <summary>The exception for a failed call. <paramref name="server"/> is host and port, <paramref name="hasToken"/> whether a token was sent.</summary>
    public static SparkException Of(GrpcException e, ServerError error, string server, bool hasToken, string? operationId = null) => (e.Origin, e.Status) switch
    {
        (GrpcOrigin.Tls, _) => new(SparkErrorCodes.Tls, $"The TLS connection to {server} failed: {e.Message}", "check the server's certificate; a server without TLS needs use_ssl left out and a host on this machine when it has a token", e) { OperationId = operationId },
        (GrpcOrigin.Protocol, GrpcStatus.ResourceExhausted) => new(SparkErrorCodes.Limit, $"{e.Message} ({server})", "lower spark.connect.grpc.arrow.maxBatchSize on the server", e) { OperationId = operationId },
        (GrpcOrigin.Protocol, _) => new(SparkErrorCodes.Protocol, $"{server} does not answer as Spark Connect does: {e.Message}", "check host and port: Spark Connect listens on 15002 unless it is told otherwise", e) { OperationId = operationId },
        (GrpcOrigin.Connection, GrpcStatus.DeadlineExceeded) => new(SparkErrorCodes.Deadline, $"{server} gave no answer in time: {e.Message}", "try again; look at the server's load", e) { OperationId = operationId },
        (GrpcOrigin.Connection, _) => Unreachable(e, server, operationId),
        (_, GrpcStatus.Unauthenticated) => new(SparkErrorCodes.Token, hasToken ? $"{server} refuses the token: {error.Text}" : $"{server} asks for a token, and none was given", TokenHint, e),
        (_, GrpcStatus.PermissionDenied) => new(SparkErrorCodes.Token, $"{server} denies the call: {error.Text}", "check the token and what it allows", e),
        (_, GrpcStatus.Unavailable) => Unreachable(e, server, operationId),
        _ => Named(e, error, operationId),
    };

    /// <summary>The session that we had is not there any more, with all its temporary views and functions.</summary>
    public static SparkException SessionLost(string why, Exception? inner = null) =>
        new(SparkErrorCodes.SessionLost, $"The Spark session is lost: {why}", "the server was restarted, or closed the session; open a new one and run the script again", inner);

    private static SparkException Unreachable(GrpcException e, string server, string? operationId) =>
        new(SparkErrorCodes.Unreachable, $"Spark Connect at {server} is unreachable: {e.Message}", "check that the server runs and that host and port are right", e) { OperationId = operationId };

    private static SparkException Named(GrpcException e, ServerError error, string? operationId)
    {
        string code = Code(e.Status, error);
        string message = ErrorText.Sentence(error.Text, error.ErrorClass);
        if (message.Length == 0) message = $"Spark reports an error without a text (status {(int)e.Status})";
        string? hint = Hint(code, e, error);
        // The first line says what is wrong, the others what to do about it; of a Python function the last line of its traceback.
        int line = message.AsSpan().IndexOfAny('\r', '\n');
        if (line > 0 && code == SparkErrorCodes.Worker) message = "A Python function failed: " + message[(message.AsSpan().LastIndexOfAny('\r', '\n') + 1)..].Trim();
        else if (line > 0) (message, hint) = (message[..line].TrimEnd(), hint ?? message[line..].ReplaceLineEndings(" ").Trim());
        if (code == SparkErrorCodes.SessionLost) return SessionLost(message, e);
        if (code == SparkErrorCodes.Worker && ErrorText.FromWorker(error.Text) is var (own, sentence, way)) (code, message, hint) = (own, sentence, way);
        return new SparkException(code, message, hint, e)
        {
            ErrorClass = error.ErrorClass,
            SqlState = error.SqlState,
            Parameters = error.Parameters,
            Contexts = error.Contexts,
            Position = ErrorText.Position(error.Text),
            ErrorId = error.ErrorId,
            OperationId = operationId,
            FullText = error.Text,
        };
    }

    private static string Code(GrpcStatus status, ServerError error)
    {
        string name = error.ErrorClass ?? "";
        bool Named(string prefix) => name.StartsWith(prefix, StringComparison.Ordinal);
        bool Is(string javaClass) => error.JavaClasses.Any(c => c.EndsWith('.' + javaClass, StringComparison.Ordinal));

        if (Named("INVALID_HANDLE.SESSION_")) return SparkErrorCodes.SessionLost;
        if (name is "OPERATION_CANCELED" or "INVALID_HANDLE.OPERATION_ABANDONED" || status == GrpcStatus.Cancelled) return SparkErrorCodes.Cancelled;
        if (name == "PYTHON_EXCEPTION" || Is("PythonException") || error.Text.Contains("thrown from the Python worker", StringComparison.Ordinal)) return SparkErrorCodes.Worker;
        if (Named("PARSE_") || Is("ParseException")) return SparkErrorCodes.Syntax;
        if (name is "SQL_CONF_NOT_FOUND" || Named("CANNOT_MODIFY_") || Named("INVALID_CONF_VALUE")) return SparkErrorCodes.Setting;
        if (Named("ARTIFACT_")) return SparkErrorCodes.Artifact;
        if (status == GrpcStatus.ResourceExhausted || Is("OutOfMemoryError") || error.Text.Contains("spark.driver.maxResultSize", StringComparison.Ordinal)) return SparkErrorCodes.Limit;
        if (status == GrpcStatus.DeadlineExceeded) return SparkErrorCodes.Deadline;
        if (status == GrpcStatus.Unimplemented) return SparkErrorCodes.Unsupported;
        if (Is("AnalysisException") || (error.SqlState ?? "").StartsWith("42", StringComparison.Ordinal)) return SparkErrorCodes.Analysis;
        return error.ErrorClass is not null || !error.JavaClasses.IsEmpty ? SparkErrorCodes.Runtime : SparkErrorCodes.Failed;
    }

    private static string? Hint(string code, GrpcException e, ServerError error) => code switch
    {
        SparkErrorCodes.Analysis when error.Parameters.TryGetValue("proposal", out string? near) => $"did you mean {near}?",
        SparkErrorCodes.Limit when e.Message.StartsWith("HTTP", StringComparison.Ordinal) => "shorten the token or the parameters that are sent as headers",
        SparkErrorCodes.Limit => "ask for fewer rows or columns at once, or raise the limit that the message names",
        SparkErrorCodes.Unsupported => "the server is older than what this needs: Spark 4.3 has it",
        SparkErrorCodes.Cancelled => "someone interrupted the operation; run it again",
        _ => null,
    };
}
