using System.Net.Sockets;
using MlSql.Worker.Interop;

namespace MlSql.Worker.Serving;

/// <summary>
/// Cancels the task of a connection when the engine closes it, also behind input that nobody has read. One thread looks at the connections that have a task; it sleeps while there is none.
/// </summary>
internal sealed class HangUpWatcher
{
    private const int LookMilliseconds = 100;

    private readonly object _gate = new();
    private readonly List<Watch> _watches = [];
    private bool _started;

    /// <summary>Watches until the answer is disposed; do so before the socket is.</summary>
    public IDisposable Start(Socket socket, CancellationTokenSource cancel)
    {
        Watch watch = new(this, (int)socket.Handle, cancel);
        lock (_gate)
        {
            _watches.Add(watch);
            if (!_started)
            {
                _started = true;
                new Thread(Look) { IsBackground = true, Name = "hang-ups" }.Start();
            }
            Monitor.Pulse(_gate);
        }
        return watch;
    }

    private void Look()
    {
        Watch[] watches = [];
        PollEntry[] entries = [];
        while (true)
        {
            lock (_gate)
            {
                while (_watches.Count == 0) Monitor.Wait(_gate);
                if (!watches.SequenceEqual(_watches))
                {
                    watches = [.. _watches];
                    entries = new PollEntry[watches.Length];
                }
            }
            for (int i = 0; i < entries.Length; i++) entries[i] = new() { Descriptor = watches[i].Descriptor, Wanted = Posix.Ends };
            if (!Posix.Wait(entries, LookMilliseconds)) continue;
            for (int i = 0; i < entries.Length; i++)
                if (Posix.IsEnd(entries[i].Seen)) watches[i].End();
        }
    }

    private sealed class Watch(HangUpWatcher owner, int descriptor, CancellationTokenSource cancel) : IDisposable
    {
        public int Descriptor => descriptor;

        /// <summary>The engine is gone: nothing more to look at. The descriptor may belong to another connection by now if this watch was ended meanwhile.</summary>
        public void End()
        {
            lock (owner._gate)
            {
                if (!owner._watches.Remove(this)) return;
            }
            cancel.Cancel();
        }

        public void Dispose()
        {
            lock (owner._gate) owner._watches.Remove(this);
        }
    }
}
