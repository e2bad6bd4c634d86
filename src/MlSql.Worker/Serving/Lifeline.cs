using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using MlSql.Worker.Interop;
using MlSql.Worker.Launch;

namespace MlSql.Worker.Serving;

/// <summary>When this process ends: at once when the engine closes our standard input. What it writes there are processes to be ended, of which ours is none: a task is ended by closing its connection.</summary>
internal static class Lifeline
{
    private const int AfterSignalMilliseconds = 500;

    private static readonly List<PosixSignalRegistration> s_signals = [];

    /// <summary>Holds on to standard input and minds signals. <paramref name="silence"/> is called when the engine ends a task that is silent for too long; it returns false when there is none.</summary>
    public static void Hold(Func<bool> silence)
    {
        new Thread(static () => AwaitEnd()) { IsBackground = true, Name = "standard input" }.Start();
        if (OperatingSystem.IsWindows()) return;
        Posix.LeadOwnGroup();
        s_signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, static signal => signal.Cancel = true));
        s_signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            // A true end closes standard input within a millisecond, and then nobody comes back here.
            new Thread(() =>
            {
                Thread.Sleep(AfterSignalMilliseconds);
                if (silence()) WorkerLog.Warning("A task was silent for too long; its connection is closed.");
                else Posix.ExitNow(0);
            })
            { IsBackground = true }.Start();
        }));
    }

    private static void AwaitEnd()
    {
        try
        {
            using FileStream input = new(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
            byte[] number = new byte[sizeof(int)];
            while (input.Read(number) > 0) { }
        }
        catch (IOException e)
        {
            WorkerLog.Warning($"Standard input broke: {e.Message}");
        }
        Posix.ExitNow(0);
    }
}
