using System.Diagnostics;
using System.Globalization;

namespace MlSql.Engines.Spark.Server;

/// <summary>
/// A process that ends when we do, also when we are killed: a shell between us and it reads a pipe of ours, and at the pipe's end it ends the process and removes a folder.
/// The process hears no Ctrl-C: that is for the statement that runs.
/// </summary>
internal sealed class TiedProcess : IDisposable, IAsyncDisposable
{
    // The arguments are the log, the folder to remove (may be empty), tenths of a second from TERM to KILL, and the command. The shell prints the process's id, and its exit code when it has ended;
    // the folder stays until the pipe ends, so that the log can be read.
    private const string Script = """
        trap '' INT HUP QUIT
        log=$1 folder=$2 grace=$3
        shift 3
        exec 3<&0
        "$@" 3<&- </dev/null >"$log" 2>&1 &
        child=$!
        trap 'kill "$child" 2>/dev/null' TERM
        echo "$child"
        exec 2>/dev/null
        (
            trap - TERM
            while read -r line; do :; done <&3
            kill "$child"
            while [ "$grace" -gt 0 ] && kill -0 "$child"; do sleep 0.1; grace=$((grace - 1)); done
            kill -9 "$child"
        ) >/dev/null 2>&1 &
        watcher=$!
        while :; do
            wait "$child"
            code=$?
            kill -0 "$child" 2>/dev/null || break
        done
        kill "$watcher" 2>/dev/null
        echo "$code" 2>/dev/null
        while read -r line; do :; done <&3
        [ -z "$folder" ] || rm -rf "$folder"
        """;

    private readonly Process _shell;
    private readonly Task<string?> _exit;
    private readonly TimeSpan _longestEnd;
    private bool _disposed;

    private TiedProcess(Process shell, int id, TimeSpan longestEnd)
    {
        (_shell, Id, _longestEnd) = (shell, id, longestEnd);
        _exit = shell.StandardOutput.ReadLineAsync();
    }

    /// <summary>The process's id.</summary>
    public int Id { get; }

    /// <summary>The exit code, or null while it runs.</summary>
    public int? ExitCode => _exit.IsCompleted && int.TryParse(_exit.Result, NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : null;

    /// <summary>Starts a command.</summary>
    /// <param name="command">A program and its arguments.</param>
    /// <param name="environment">The whole environment of the process.</param>
    /// <param name="log">The file that gets what it prints.</param>
    /// <param name="removeAtEnd">A folder to remove once the process has ended, or null.</param>
    /// <param name="grace">Time between asking it to end and ending it.</param>
    public static TiedProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string log, string? removeAtEnd, TimeSpan grace)
    {
        if (OperatingSystem.IsWindows()) throw ServerErrors.NoShell();
        int tenths = (int)Math.Ceiling(grace.TotalSeconds * 10);
        ProcessStartInfo start = new("/bin/sh", ["-c", Script, "mlsql", log, removeAtEnd ?? "", tenths.ToString(CultureInfo.InvariantCulture), .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var shell = Process.Start(start)!;
        int id = int.Parse(shell.StandardOutput.ReadLine() ?? "0", CultureInfo.InvariantCulture);
        return new(shell, id, grace + TimeSpan.FromSeconds(5));
    }

    /// <summary>Ends the process and waits until it has ended and its folder is gone.</summary>
    public void Dispose()
    {
        if (!LetGo()) return;
        if (!_shell.WaitForExit(_longestEnd)) _shell.Kill(entireProcessTree: true);
        _shell.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (!LetGo()) return;
        using var late = new CancellationTokenSource(_longestEnd);
        try
        {
            await _shell.WaitForExitAsync(late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _shell.Kill(entireProcessTree: true);
        }
        _shell.Dispose();
    }

    private bool LetGo()
    {
        if (_disposed) return false;
        _disposed = true;
        _shell.StandardInput.Close();
        return true;
    }
}
