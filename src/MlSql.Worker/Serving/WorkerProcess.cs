using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MlSql.Worker.Launch;
using MlSql.Worker.Models;
using MlSql.Worker.Relay;

namespace MlSql.Worker.Serving;

/// <summary>All that the tasks of this process share, and its connections.</summary>
internal sealed class WorkerProcess
{
    private const int StackBytes = 4 << 20;

    private readonly object _gate = new();
    private readonly HashSet<Connection> _connections = [];
    private int _most = 1;
    private bool _anyCame;
    private long _idleSince = Environment.TickCount64;

    public WorkerProcess(WorkerSettings settings)
    {
        Settings = settings;
        Python = new(settings);
        Models = new(() => MemoryBudget.OfModels(settings, Volatile.Read(ref _most)));
    }

    public WorkerSettings Settings { get; }

    public ModelCache Models { get; }

    public PythonDaemons Python { get; }

    public HangUpWatcher Watcher { get; } = new();

    /// <summary>Connections that are open.</summary>
    public int Connections
    {
        get
        {
            lock (_gate) return _connections.Count;
        }
    }

    /// <summary>A socket that listens on this machine only, for TCP where <see cref="WorkerSettings.SocketFolder"/> is null, else a file in it.</summary>
    public static Socket Listen(WorkerSettings settings)
    {
        const int Backlog = 1_024;
        Socket listener;
        if (settings.SocketFolder is { } folder)
        {
            listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "." + Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture) + ".sock")));
        }
        else
        {
            var address = settings.PreferIpv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
            listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(address, 0));
        }
        listener.Listen(Backlog);
        return listener;
    }

    /// <summary>Serves each connection on a thread; returns when none was open for as long as the settings say, and the listener is closed.</summary>
    public void Run(Socket listener)
    {
        const int LookMicroseconds = 250_000;
        Volatile.Write(ref _idleSince, Environment.TickCount64);
        while (true)
        {
            if (listener.Poll(LookMicroseconds, SelectMode.SelectRead)) Accept(listener);
            else if (IsIdle())
            {
                WorkerLog.Info("No connection is open any more; the process ends.");
                listener.Dispose();
                return;
            }
        }
    }

    /// <summary>Ends the answers of the busy connection that answered nothing for longest: what the engine asks for with a signal when a task is silent for too long. False when no connection is busy.</summary>
    public bool EndMostSilent()
    {
        Connection? silent;
        lock (_gate) silent = _connections.Where(c => c.IsBusy).MinBy(c => c.LastWrite);
        silent?.EndAnswers();
        return silent is not null;
    }

    private void Accept(Socket listener)
    {
        const int PauseMilliseconds = 50;
        Socket socket;
        try
        {
            socket = listener.Accept();
        }
        catch (SocketException e)
        {
            // Who called is gone again, or too many files are open for now: neither is a matter of the tasks that run.
            WorkerLog.Warning($"A connection could not be accepted: {e.Message}");
            Thread.Sleep(PauseMilliseconds);
            return;
        }
        Start(socket);
    }

    private void Start(Socket socket)
    {
        Connection connection = new(socket, this);
        lock (_gate)
        {
            bool first = !_anyCame;
            _connections.Add(connection);
            _anyCame = true;
            if (first || _connections.Count > _most)
            {
                _most = _connections.Count;
                MemoryBudget.LimitHeap(Settings, _most);
            }
        }
        new Thread(() => Serve(connection), StackBytes) { IsBackground = true, Name = "connection" }.Start();
    }

    private void Serve(Connection connection)
    {
        connection.Serve();
        lock (_gate)
        {
            _connections.Remove(connection);
            _idleSince = Environment.TickCount64;
        }
    }

    private bool IsIdle()
    {
        lock (_gate) return _connections.Count == 0 && Environment.TickCount64 - _idleSince >= (_anyCame ? Settings.IdleLimit : Settings.FirstLimit).TotalMilliseconds;
    }
}
