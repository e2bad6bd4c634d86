using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MlSql.Engines.Spark.Connect;

namespace MlSql.UnitTests.Spark.Connect;

/// <summary>A real HTTP/2 server on loopback whose answers a test writes, call by call.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedServer(WebApplication app) => _app = app;

    /// <summary>All calls so far, in the order in which they came.</summary>
    public ConcurrentQueue<ServerCall> Calls { get; } = [];

    public int Port { get; private set; }

    public IEnumerable<ServerCall> Of(string method) => Calls.Where(c => c.Method == method);

    public static async Task<ScriptedServer> StartAsync(Func<ServerCall, Task> answer, X509Certificate2? certificate = null, HttpProtocols protocols = HttpProtocols.Http2)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            if (certificate is not null) listen.UseHttps(certificate);
        }));
        if (certificate is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        var server = new ScriptedServer(builder.Build());
        server._app.Run(async context =>
        {
            ServerCall call = await ServerCall.ReadAsync(context);
            server.Calls.Enqueue(call);
            await answer(call);
        });
        await server._app.StartAsync();
        string address = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        server.Port = new Uri(address).Port;
        return server;
    }

    public ConnectionString Address(string parameters = "") => ConnectionString.Parse($"sc://127.0.0.1:{Port}/;user_id=tester{parameters}", _ => null);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}
