using System.Net.Sockets;

namespace MlSql.Worker.Relay;

/// <summary>A connection with one worker of a real Python daemon.</summary>
internal sealed class PythonConnection(PythonDaemon daemon, Socket socket, int process) : IDisposable
{
    public Socket Socket => socket;

    /// <summary>Closes the connection and has the worker ended, though it may be at work.</summary>
    public void Abandon()
    {
        daemon.End(process);
        socket.Dispose();
    }

    /// <summary>Closes the connection, at which the worker ends when it next reads.</summary>
    public void Dispose() => socket.Dispose();
}
