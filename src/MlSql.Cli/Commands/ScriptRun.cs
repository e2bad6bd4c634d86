using MlSql.Cli.Arguments;
using MlSql.Cli.Output;
using MlSql.Cli.Terminal;
using MlSql.Columnar;

namespace MlSql.Cli.Commands;

/// <summary>Runs the scripts in one session and writes their results.</summary>
internal sealed class ScriptRun(RunSettings settings, Screen screen, Messages messages, Interruption interruption)
{
    private readonly ProgressLine? _progress = screen.ErrorIsTerminal && !screen.IsDumb && !settings.Quiet
        ? new(messages, TimeProvider.System, screen.Width, screen.Unicode)
        : null;

    private int _exitCode;
    private bool _resultBroke;

    /// <summary>Returns the exit code. Wrong scripts are found before anything runs.</summary>
    public async Task<int> RunAsync()
    {
        CancellationToken cancel = interruption.Token;
        List<Script> scripts = [];
        foreach (Input input in settings.Inputs) scripts.Add(await ScriptText.ReadAsync(input, cancel).ConfigureAwait(false));
        MlSqlSession.Prepare(scripts[0].Text, cancel);

        using OutputFile? file = settings.Output is { } path ? OutputFile.Open(path) : null;
        interruption.OnSecondSignal = () => file?.Dispose();
        IResultWriter writer = WriterTo(file?.Stream ?? StandardOutput.Open(), file is not null);

        await using (MlSqlSession session = await MlSqlSession.OpenAsync(Options(), cancel).ConfigureAwait(false))
            foreach (Script script in scripts)
                await RunAsync(session, script, scripts.Count > 1 ? script.Name : null, writer, cancel).ConfigureAwait(false);

        if (file is not null && !_resultBroke) file.Commit();
        return _exitCode;
    }

    /// <summary>The session's options by the settings.</summary>
    internal static MlSqlOptions Options(RunSettings settings) => new()
    {
        Engine = settings.Engine,
        ConnectTimeout = settings.ConnectTimeout ?? MlSqlOptions.DefaultConnectTimeout,
        Models = settings.Models,
        Database = settings.Database,
        Tables = settings.Tables,
        Threads = settings.Threads,
        Memory = settings.Memory,
        ModelTimeout = settings.ModelTimeout ?? MlSqlOptions.DefaultModelTimeout,
        OnCallersThread = true,
    };

    private MlSqlOptions Options() => Options(settings) with { OnNotice = messages.Notice, Progress = _progress };

    private IResultWriter WriterTo(Stream stream, bool isFile)
    {
        OutputFormat format = settings.Format ?? (!isFile && screen.OutputIsTerminal ? OutputFormat.Box : OutputFormat.Csv);
        return format switch
        {
            OutputFormat.Csv => new CsvWriter(stream),
            OutputFormat.Json => new JsonWriter(stream),
            _ => new ReadableWriter(stream, new BoxWriter(stream, new(screen.Width, screen.Unicode, screen.Colors(settings.Color, screen.OutputIsTerminal && !isFile)))),
        };
    }

    private async Task RunAsync(MlSqlSession session, Script script, string? name, IResultWriter writer, CancellationToken cancel)
    {
        Dictionary<string, string> variables = new(settings.Variables);
        variables.TryAdd("script_dir", script.Folder);
        Action<MlSqlException>? onError = settings.ContinueOnError ? e => Fail(e, name) : null;
        await using IAsyncEnumerator<StatementResult> results = session.RunScriptAsync(script.Text, onError, variables, cancel).GetAsyncEnumerator(cancel);
        while (true)
        {
            long started = TimeProvider.System.GetTimestamp();
            _progress?.Start();
            try
            {
                if (!await results.MoveNextAsync().ConfigureAwait(false)) return;
                await using StatementResult result = results.Current;
                await WriteAsync(result, name, writer, cancel).ConfigureAwait(false);
            }
            finally
            {
                _progress?.Stop();
            }
            if (settings.Timing) messages.Timing(TimeProvider.System.GetElapsedTime(started));
        }
    }

    private async Task WriteAsync(StatementResult result, string? name, IResultWriter writer, CancellationToken cancel)
    {
        if (result.Schema is { } schema)
        {
            writer.Begin(schema);
            try
            {
                await foreach (RecordBatch batch in result.ReadAsync(cancel).ConfigureAwait(false))
                {
                    if (writer is not ReadableWriter && screen.OutputIsTerminal) _progress?.Stop();
                    writer.Write(batch);
                }
            }
            catch (MlSqlException e) when (settings.ContinueOnError)
            {
                writer.Break();
                _resultBroke = true;
                Fail(e, name);
                return;
            }
            catch (Exception e) when (e is MlSqlException or OperationCanceledException)
            {
                writer.Break();
                throw;
            }
            _progress?.Stop();
            writer.End();
        }
        if (result.Summary.Length > 0) messages.Summary(result.Summary);
        if (result.Trained is { } trained && _progress is not null && LearningCurve.Draw(trained.LearningCurve, screen.Width, screen.Unicode) is { } chart) messages.Write(chart);
    }

    private void Fail(MlSqlException failure, string? name)
    {
        if (interruption.RequestedExit != 0) return;
        messages.Failure(failure, name);
        if (_exitCode == 0) _exitCode = ExitCode.Of(failure.Kind);
    }
}
