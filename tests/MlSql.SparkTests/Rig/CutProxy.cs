using System.Net;
using System.Net.Sockets;

namespace MlSql.SparkTests.Rig;

/// <summary>A port of its own before that of a server, whose connections can be cut while bytes are on the way.</summary>
internal sealed class CutProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    // Also the lock of itself: what is in it is not closed while it is cut.
    private readonly HashSet<(Socket Client, Socket Server)> _open = [];
    private readonly int _server;
    private long _answered, _cutAt = long.MaxValue, _step;
    private int _cutsLeft;

    public CutProxy(int server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Resets every connection as soon as another so many bytes of answers went through, and so on, a number of times.</summary>
    public void CutEvery(long bytes, int times)
    {
        lock (_open) (_step, _cutAt, _cutsLeft) = (bytes, _answered + bytes, times);
    }

    /// <summary>Cuts of <see cref="CutEvery"/> that are still to come.</summary>
    public int CutsLeft
    {
        get
        {
            lock (_open) return _cutsLeft;
        }
    }

    /// <summary>Resets every connection; new ones may come. Gives their number.</summary>
    public int Cut()
    {
        lock (_open)
        {
            foreach (var (client, server) in _open)
            {
                foreach (Socket socket in (Socket[])[client, server])
                {
                    socket.LingerState = new LingerOption(enable: true, seconds: 0);
                    socket.Close();
                }
            }
            int cut = _open.Count;
            _open.Clear();
            return cut;
        }
    }

    public void Dispose()
    {
        _listener.Stop();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ForwardAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        Socket server = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server);
            (client.NoDelay, server.NoDelay) = (true, true);
            lock (_open) _open.Add((client, server));
            await Task.WhenAll(CopyAsync(client, server, _ => { }), CopyAsync(server, client, Answered));
        }
        finally
        {
            lock (_open)
            {
                _open.Remove((client, server));
                client.Dispose();
                server.Dispose();
            }
        }
    }

    private void Answered(int bytes)
    {
        lock (_open)
        {
            _answered += bytes;
            if (_cutsLeft == 0 || _answered < _cutAt) return;
            Cut();
            (_cutAt, _cutsLeft) = (_answered + _step, _cutsLeft - 1);
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, Action<int> sent)
    {
        byte[] bytes = new byte[16 << 10];
        try
        {
            for (int read; (read = await from.ReceiveAsync(bytes)) > 0;)
            {
                for (int at = 0; at < read;) at += await to.SendAsync(bytes.AsMemory(at, read - at));
                sent(read);
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, by us or by one of the sides.
        }
    }
}
