using System.Runtime.ExceptionServices;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Functions;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>Turns what the engine says into exceptions.</summary>
internal static class EngineErrors
{
    /// <summary>Throws the exception for an error of the engine: the function's own one when a function of ours failed, a cancellation when it was interrupted, else an <see cref="EngineException"/>.</summary>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void Throw(EngineErrorType type, string text, string sql, FunctionFaults faults, CancellationToken cancel)
    {
        if (type == EngineErrorType.Unknown) type = EngineErrorText.TypeOf(text);
        if (faults.Find(text) is { } fault) ThrowFault(fault, cancel);
        if (type == EngineErrorType.Interrupt) throw new OperationCanceledException("The statement was interrupted.", cancel);
        (string message, string? hint, int? offset) = EngineErrorText.Clean(text, sql);
        throw new EngineException(CodeOf(type), type, message, HintOf(type) ?? hint, offset);
    }

    /// <summary>Whether the engine says that the statement was interrupted.</summary>
    public static bool IsInterrupt(EngineErrorType type, string text) => (type == EngineErrorType.Unknown ? EngineErrorText.TypeOf(text) : type) == EngineErrorType.Interrupt;

    /// <summary>Throws for an interrupt that nobody asked for, which hides why the statement failed: <paramref name="fault"/> when a function of ours failed.</summary>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void ThrowHidden(Exception? fault, CancellationToken cancel)
    {
        if (fault is not null) ThrowFault(fault, cancel);
        throw new EngineException(EngineErrorCodes.EngineFailed, EngineErrorType.Interrupt, "The statement failed on one thread, and the engine did not say why", "run it again; with SET threads = 1 the engine always says why");
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void ThrowFault(Exception fault, CancellationToken cancel)
    {
        if (fault is OperationCanceledException) throw new OperationCanceledException(fault.Message, fault, cancel);
        if (fault is CodedException) ExceptionDispatchInfo.Throw(fault);
        throw new EngineException(EngineErrorCodes.FunctionFailed, EngineErrorType.InvalidInput, $"A function failed: {fault.Message}", "this is a defect of MlSql; please report it with the statement", inner: fault);
    }

    private static string CodeOf(EngineErrorType type) => type switch
    {
        EngineErrorType.Parser or EngineErrorType.Syntax => EngineErrorCodes.Syntax,
        EngineErrorType.Catalog => EngineErrorCodes.NameUnknown,
        EngineErrorType.Binder or EngineErrorType.Planner or EngineErrorType.Expression or EngineErrorType.ParameterNotResolved or EngineErrorType.ParameterNotAllowed => EngineErrorCodes.BindingFailed,
        EngineErrorType.OutOfRange or EngineErrorType.Conversion or EngineErrorType.Decimal or EngineErrorType.MismatchType or EngineErrorType.DivideByZero
            or EngineErrorType.ObjectSize or EngineErrorType.InvalidType or EngineErrorType.UnknownType or EngineErrorType.InvalidInput or EngineErrorType.Sequence => EngineErrorCodes.ValueInvalid,
        EngineErrorType.Constraint => EngineErrorCodes.ConstraintViolated,
        EngineErrorType.Transaction or EngineErrorType.Dependency => EngineErrorCodes.TransactionFailed,
        EngineErrorType.OutOfMemory => EngineErrorCodes.MemoryExceeded,
        EngineErrorType.Io or EngineErrorType.Serialization => EngineErrorCodes.FileFailed,
        EngineErrorType.Permission or EngineErrorType.Settings or EngineErrorType.InvalidConfiguration => EngineErrorCodes.AccessDenied,
        EngineErrorType.NotImplemented => EngineErrorCodes.NotImplemented,
        EngineErrorType.MissingExtension or EngineErrorType.Autoload or EngineErrorType.Http or EngineErrorType.Network => EngineErrorCodes.ExtensionMissing,
        EngineErrorType.Fatal or EngineErrorType.Internal or EngineErrorType.NullPointer => EngineErrorCodes.EngineBroken,
        _ => EngineErrorCodes.EngineFailed,
    };

    private static string? HintOf(EngineErrorType type) => type switch
    {
        EngineErrorType.OutOfMemory => "raise the memory limit, give a folder for temporary files, or read fewer rows at once",
        EngineErrorType.Fatal => "the database must be opened again",
        EngineErrorType.MissingExtension or EngineErrorType.Autoload => "MlSql loads no extensions from the network; use a built-in format (CSV, Parquet, JSON)",
        _ => null,
    };
}
