using System.Runtime.InteropServices;

namespace MlSql.Cli.Commands;

/// <summary>Ctrl+C and SIGTERM: the first cancels what runs, the second ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _exitCode;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Hear(c, ExitCode.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Hear(c, ExitCode.Terminated));
    }

    public CancellationToken Token => _cancel.Token;

    /// <summary>130 or 143 once a signal came, else 0.</summary>
    public int RequestedExit => Volatile.Read(ref _exitCode);

    /// <summary>Runs when the process must end at once: what must not stay behind is removed here.</summary>
    public Action? OnSecondSignal { get; set; }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _cancel.Dispose();
    }

    private void Hear(PosixSignalContext context, int exitCode)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
        {
            OnSecondSignal?.Invoke();
            Environment.Exit(_exitCode);
        }
        // Callbacks of the token may take their time; the signal's own thread must stay free to hear the second one.
        _ = _cancel.CancelAsync();
    }
}
