using System.Runtime.CompilerServices;

namespace MlSql;

/// <summary>
/// Runs scripts: parse, bind, optimise, lower, run. One statement at a time; use one session a thread. Failures are <see cref="MlSqlException"/>; after one the session goes on working.
/// </summary>
public sealed class MlSqlSession : IAsyncDisposable
{
    /// <summary>Opens a session on the embedded engine.</summary>
    public static Task<MlSqlSession> OpenAsync(MlSqlOptions? options = null, CancellationToken cancel = default) => throw new NotImplementedException($"{options} {cancel}");

    /// <summary>Runs every statement of the script and returns what each did; rows of queries are not kept. Throws <see cref="MlSqlException"/> at the first failure.</summary>
    public Task<IReadOnlyList<StatementResult>> ExecuteAsync(string script, CancellationToken cancel = default) => throw new NotImplementedException(script);

    /// <summary>Runs one statement that has rows.</summary>
    public Task<StatementResult> QueryAsync(string statement, CancellationToken cancel = default) => throw new NotImplementedException(statement);

    /// <summary>
    /// Runs a script statement by statement: the next one starts when the next result is asked for. A failure ends the stream with <see cref="MlSqlException"/>,
    /// unless <paramref name="onError"/> is given: it hears of it, and the script goes on.
    /// <paramref name="variables"/> stand for :NAME, :'NAME' and :"NAME" in the script; names that are not given stay as they are.
    /// </summary>
    public async IAsyncEnumerable<StatementResult> RunScriptAsync(string script, Action<MlSqlException>? onError = null, IReadOnlyDictionary<string, string>? variables = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await DisposeAsync().ConfigureAwait(false);
        yield break;
    }

    /// <summary>Checks what a session with these options needs (engine library, a plain SELECT, model store, database) and reports line by line; throws only when cancelled.</summary>
    public static Task<DoctorReport> DiagnoseAsync(MlSqlOptions? options = null, CancellationToken cancel = default) => throw new NotImplementedException($"{options} {cancel}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
