namespace MlSql;

/// <summary>Passes notices on to the session's listener, one call at a time.</summary>
internal sealed class NoticeBoard(Action<Notice>? listener)
{
    private readonly Lock _gate = new();

    /// <summary>Passes on a notice.</summary>
    public void Post(Notice notice)
    {
        lock (_gate) listener?.Invoke(notice);
    }

    /// <summary>Passes on a warning that has no place in a statement.</summary>
    public void Warn(string code, string message, string? hint) => Post(new Notice(code, message, hint, Failures.Text(code, message, hint), IsWarning: true));

    /// <summary>Passes on what an exception says as a warning.</summary>
    public void Warn(Columnar.CodedException problem) => Warn(problem.Code, problem.Message, problem.Hint);
}
