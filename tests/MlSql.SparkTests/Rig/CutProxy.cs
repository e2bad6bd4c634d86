using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MlSql.SparkTests.Rig;

/// <summary>A port of its own before that of a server, whose connections can be cut while bytes are on the way.</summary>
internal sealed class CutProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> _open = [];
    private readonly int _server;

    public CutProxy(int server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Resets every connection; new ones may come. Gives their number.</summary>
    public int Cut()
    {
        int cut = 0;
        foreach (Socket socket in _open.Keys)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();
            cut++;
        }
        // Two sockets a connection.
        return cut / 2;
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
            (_open[client], _open[server]) = (0, 0);
            await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
        }
        finally
        {
            foreach (Socket socket in (Socket[])[client, server])
            {
                _open.TryRemove(socket, out _);
                socket.Dispose();
            }
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        byte[] bytes = new byte[16 << 10];
        try
        {
            for (int read; (read = await from.ReceiveAsync(bytes)) > 0;)
                for (int sent = 0; sent < read;) sent += await to.SendAsync(bytes.AsMemory(sent, read - sent));
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, by us or by one of the sides.
        }
    }
}
