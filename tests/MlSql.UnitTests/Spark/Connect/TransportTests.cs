using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Protocol;
using MlSql.Engines.Spark.Connect.Transport;

namespace MlSql.UnitTests.Spark.Connect;

internal sealed class TransportTests
{
    private static readonly ConfigRequest Request = new() { SessionId = "s" };
    private static readonly ConfigResponse Answer = new() { SessionId = "s", Warnings = { "w" } };

    private static GrpcChannel Channel(ConnectionString server, HttpMessageHandler? handler = null) => new(server, TimeSpan.FromSeconds(5), handler: handler);

    private static async Task<ConfigResponse> AskAsync(ConnectionString server, TimeSpan? deadline = null, HttpMessageHandler? handler = null)
    {
        using GrpcChannel channel = Channel(server, handler);
        return await channel.UnaryAsync("Config", Request, ConfigResponse.Parser, deadline ?? TimeSpan.FromMinutes(10), CancellationToken.None);
    }

    private static async Task<GrpcException> FailAsync(Func<ServerCall, Task> answer, TimeSpan? deadline = null)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(answer);
        return Assert.CatchAsync<GrpcException>(() => AskAsync(server.Address(), deadline))!;
    }

    [Test]
    public async Task A_call_is_what_the_protocol_says()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(call => call.ReplyAsync(Answer));
        Assert.That(await AskAsync(server.Address(";token=secret;x-mine=1")), Is.EqualTo(Answer));
        ServerCall seen = server.Calls.Single();
        Assert.Multiple(() =>
        {
            Assert.That(seen.Path, Is.EqualTo("/spark.connect.SparkConnectService/Config"));
            Assert.That(seen.Headers["content-type"], Is.EqualTo("application/grpc"));
            Assert.That(seen.Headers["te"], Is.EqualTo("trailers"));
            Assert.That(seen.Headers["authorization"], Is.EqualTo("Bearer secret"));
            Assert.That(seen.Headers["x-mine"], Is.EqualTo("1"));
            Assert.That(seen.Headers["grpc-timeout"], Is.EqualTo("600000m"));
            Assert.That(seen.Headers["user-agent"], Does.StartWith("mlsql/"));
            Assert.That(seen.Messages.Single(), Is.EqualTo(Request.ToByteArray()));
        });
    }

    [TestCase(0.0001, "1m")]
    [TestCase(1.5, "1500m")]
    [TestCase(3600, "3600000m")]
    [TestCase(1e6, "1000000S")]
    [TestCase(1e9, "99999999S")]
    public void A_timeout_has_at_most_eight_digits(double seconds, string text) => Assert.That(GrpcChannel.Timeout(TimeSpan.FromSeconds(seconds)), Is.EqualTo(text));

    [Test]
    public async Task An_error_before_any_message_stands_in_the_headers()
    {
        GrpcException error = await FailAsync(call => call.EndAsync(13, "\nnot ünderstood 100%", [1, 2, 3, 4]));
        Assert.That((error.Status, error.Origin, error.Message), Is.EqualTo((GrpcStatus.Internal, GrpcOrigin.Server, "\nnot ünderstood 100%")));
        Assert.That(error.Details, Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
    }

    [Test]
    public async Task An_error_after_a_message_stands_in_the_trailers()
    {
        GrpcException error = await FailAsync(async call =>
        {
            await call.SendAsync(Answer);
            await call.EndAsync(8, "too much");
        });
        Assert.That((error.Status, error.Message), Is.EqualTo((GrpcStatus.ResourceExhausted, "too much")));
    }

    [Test]
    public async Task An_empty_stream_that_went_well_has_its_status_in_the_headers()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(call => call.EndAsync(0));
        using GrpcChannel channel = Channel(server.Address());
        await using GrpcCall<ExecutePlanResponse> call = await channel.StartAsync("ExecutePlan", Request, ExecutePlanResponse.Parser, null, CancellationToken.None);
        Assert.That(await call.NextAsync(CancellationToken.None), Is.Null);
        Assert.That(await call.NextAsync(CancellationToken.None), Is.Null);
    }

    [TestCase(0)]
    [TestCase(2)]
    public async Task One_answer_is_due(int answers)
    {
        GrpcException error = await FailAsync(async call =>
        {
            for (int i = 0; i < answers; i++) await call.SendAsync(Answer);
            await call.EndAsync();
        });
        Assert.That(error.Origin, Is.EqualTo(GrpcOrigin.Protocol));
    }

    [Test]
    public async Task Messages_need_not_be_aligned_with_what_the_network_brings()
    {
        byte[] frame = ServerCall.Frame(Answer.ToByteArray());
        await using ScriptedServer server = await ScriptedServer.StartAsync(async call =>
        {
            foreach (byte b in frame) await call.SendAsync([b]);
            await call.EndAsync();
        });
        Assert.That(await AskAsync(server.Address()), Is.EqualTo(Answer));
    }

    [Test]
    public async Task A_large_message_arrives_whole()
    {
        var large = new ConfigResponse { Warnings = { new string('x', 9_000_001) } };
        await using ScriptedServer server = await ScriptedServer.StartAsync(call => call.ReplyAsync(large));
        Assert.That(await AskAsync(server.Address()), Is.EqualTo(large));
    }

    [Test]
    public async Task Packed_messages_are_unpacked_when_they_are_announced()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Answer.ToByteArray());
        byte[] frame = ServerCall.Frame(packed.ToArray());
        frame[0] = 1;
        await using ScriptedServer server = await ScriptedServer.StartAsync(async call =>
        {
            call.SetHeader("grpc-encoding", "gzip");
            await call.SendAsync(frame);
            await call.EndAsync();
        });
        Assert.That(await AskAsync(server.Address()), Is.EqualTo(Answer));

        GrpcException unannounced = await FailAsync(call => call.SendAsync(frame));
        Assert.That(unannounced.Origin, Is.EqualTo(GrpcOrigin.Protocol));

        GrpcException damaged = await FailAsync(call =>
        {
            call.SetHeader("grpc-encoding", "gzip");
            return call.SendAsync([1, 0, 0, 0, 4, 9, 9, 9, 9]);
        });
        Assert.That(damaged.Origin, Is.EqualTo(GrpcOrigin.Protocol));
    }

    [Test]
    public async Task A_length_beyond_the_limit_is_refused_before_anything_is_allocated()
    {
        var frame = new byte[5];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), uint.MaxValue);
        long before = GC.GetTotalAllocatedBytes();
        GrpcException error = await FailAsync(call => call.SendAsync(frame));
        Assert.That((error.Status, error.Origin), Is.EqualTo((GrpcStatus.ResourceExhausted, GrpcOrigin.Protocol)));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(50 << 20));
    }

    [Test]
    public async Task A_length_that_nothing_follows_costs_little_memory()
    {
        var frame = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), GrpcChannel.LargestMessage);
        long before = GC.GetTotalAllocatedBytes();
        GrpcException error = await FailAsync(async call =>
        {
            await call.SendAsync(frame);
            await call.EndAsync();
        });
        Assert.That(error.Status, Is.EqualTo(GrpcStatus.Unavailable));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(50 << 20));
    }

    private static readonly object[] Garbage =
    [
        new object[] { new byte[] { 0, 0, 0 }, GrpcStatus.Unavailable },
        new object[] { new byte[] { 0, 0, 0, 0, 9, 1, 2 }, GrpcStatus.Unavailable },
        new object[] { new byte[] { 7, 0, 0, 0, 0 }, GrpcStatus.Internal },
        new object[] { new byte[] { 0, 0, 0, 0, 2, 0xFF, 0xFF }, GrpcStatus.Internal },
        new object[] { "<html><body>"u8.ToArray(), GrpcStatus.Internal },
    ];

    [TestCaseSource(nameof(Garbage))]
    public async Task What_is_no_frame_is_an_error(byte[] body, GrpcStatus status)
    {
        GrpcException error = await FailAsync(async call =>
        {
            await call.SendAsync(body);
            await call.EndAsync();
        });
        Assert.That(error.Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Garbage_of_any_kind_is_a_typed_error()
    {
        var random = new Random(7);
        byte[] next = [];
        await using ScriptedServer server = await ScriptedServer.StartAsync(async call =>
        {
            await call.SendAsync(next);
            await call.EndAsync();
        });
        using GrpcChannel channel = Channel(server.Address());
        byte[] good = ServerCall.Frame(Answer.ToByteArray());
        int failed = 0;
        for (int i = 0; i < 300; i++)
        {
            next = [.. good];
            next[random.Next(next.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                await channel.UnaryAsync("Config", Request, ConfigResponse.Parser, TimeSpan.FromMinutes(1), CancellationToken.None);
            }
            catch (GrpcException)
            {
                failed++;
            }
        }
        Assert.That(failed, Is.GreaterThan(100));
    }

    [Test]
    public async Task A_stream_that_ends_without_a_status_was_cut()
    {
        GrpcException error = await FailAsync(call => call.SendAsync(Answer));
        Assert.That((error.Status, error.Origin), Is.EqualTo((GrpcStatus.Unavailable, GrpcOrigin.Connection)));
    }

    [TestCase(8, true, GrpcStatus.DeadlineExceeded)]
    [TestCase(8, false, GrpcStatus.Cancelled)]
    [TestCase(7, false, GrpcStatus.Unavailable)]
    [TestCase(11, false, GrpcStatus.ResourceExhausted)]
    [TestCase(2, false, GrpcStatus.Unavailable)]
    public async Task A_reset_has_a_meaning(int code, bool deadline, GrpcStatus status)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(async call =>
        {
            await call.SendAsync(Answer);
            call.Reset(code);
        });
        using GrpcChannel channel = Channel(server.Address());
        GrpcException error = Assert.CatchAsync<GrpcException>(async () =>
        {
            await using GrpcCall<ConfigResponse> call = await channel.StartAsync("Config", Request, ConfigResponse.Parser, deadline ? TimeSpan.FromMinutes(1) : null, CancellationToken.None);
            while (await call.NextAsync(CancellationToken.None) is not null) { }
        })!;
        Assert.That((error.Status, error.Origin), Is.EqualTo((status, GrpcOrigin.Connection)));
    }

    [Test]
    public async Task A_server_that_says_nothing_is_given_up_at_the_deadline()
    {
        GrpcException error = await FailAsync(call => Task.Delay(Timeout.Infinite, call.Aborted).ContinueWith(_ => { }, TaskScheduler.Default), TimeSpan.FromMilliseconds(-1900));
        Assert.That(error.Status, Is.EqualTo(GrpcStatus.DeadlineExceeded));
    }

    [Test]
    public async Task Cancelling_ends_a_call_at_once_and_resets_it()
    {
        var reset = new TaskCompletionSource();
        await using ScriptedServer server = await ScriptedServer.StartAsync(async call =>
        {
            await call.SendAsync(Answer);
            call.Aborted.Register(reset.SetResult);
            await reset.Task;
        });
        using GrpcChannel channel = Channel(server.Address());
        using var cancel = new CancellationTokenSource();
        GrpcCall<ConfigResponse> call = await channel.StartAsync("ExecutePlan", Request, ConfigResponse.Parser, null, cancel.Token);
        await call.NextAsync(cancel.Token);
        cancel.CancelAfter(50);
        Assert.CatchAsync<OperationCanceledException>(async () => await call.NextAsync(cancel.Token));
        await call.DisposeAsync();
        await reset.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [TestCase(415, "text/plain", GrpcOrigin.Protocol, GrpcStatus.Internal)]
    [TestCase(404, "text/html", GrpcOrigin.Protocol, GrpcStatus.Internal)]
    [TestCase(200, "text/html", GrpcOrigin.Protocol, GrpcStatus.Internal)]
    [TestCase(431, "text/plain", GrpcOrigin.Server, GrpcStatus.ResourceExhausted)]
    [TestCase(401, "text/plain", GrpcOrigin.Server, GrpcStatus.Unauthenticated)]
    [TestCase(403, "text/plain", GrpcOrigin.Server, GrpcStatus.PermissionDenied)]
    [TestCase(503, "text/plain", GrpcOrigin.Connection, GrpcStatus.Unavailable)]
    public async Task Other_answers_of_HTTP_are_told_apart(int status, string contentType, GrpcOrigin origin, GrpcStatus expected)
    {
        GrpcException error = await FailAsync(call => call.PlainAsync(status, contentType, "no gRPC"));
        Assert.That((error.Origin, error.Status), Is.EqualTo((origin, expected)));
    }

    [Test]
    public async Task A_server_of_HTTP_1_is_named_so()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(call => call.PlainAsync(200, "text/html"), protocols: HttpProtocols.Http1);
        GrpcException error = Assert.CatchAsync<GrpcException>(() => AskAsync(server.Address()))!;
        Assert.That((error.Origin, error.Message), Is.EqualTo((GrpcOrigin.Protocol, "What listens there does not speak HTTP/2")));
    }

    [TestCase("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [TestCase("220 mail.example.org ESMTP ready\r\n")]
    [TestCase("")]
    public async Task Something_that_is_no_HTTP_2_is_an_error_at_once(string greeting)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task answer = Task.Run(async () =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            await client.GetStream().ReadExactlyAsync(new byte[16]);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(greeting));
        });
        var address = ConnectionString.Parse($"sc://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", _ => null);
        GrpcException error = Assert.CatchAsync<GrpcException>(() => AskAsync(address).WaitAsync(TimeSpan.FromSeconds(20)))!;
        await answer;
        TestContext.Out.WriteLine($"{error.Origin} {error.Status} {error.Message}");
        Assert.That(error.Origin, Is.AnyOf(GrpcOrigin.Protocol, GrpcOrigin.Connection));
    }

    [Test]
    public async Task Nobody_listening_is_unavailable()
    {
        ScriptedServer gone = await ScriptedServer.StartAsync(_ => Task.CompletedTask);
        ConnectionString address = gone.Address();
        await gone.DisposeAsync();
        GrpcException error = Assert.CatchAsync<GrpcException>(() => AskAsync(address))!;
        Assert.That((error.Origin, error.Status), Is.EqualTo((GrpcOrigin.Connection, GrpcStatus.Unavailable)));
    }

    [Test]
    public async Task Calls_go_over_TLS_when_it_is_asked_for()
    {
        using X509Certificate2 certificate = SelfSigned();
        await using ScriptedServer server = await ScriptedServer.StartAsync(call => call.ReplyAsync(Answer), certificate);
        ConnectionString address = server.Address(";use_ssl=true");
        using var trusting = new SocketsHttpHandler();
        trusting.SslOptions.RemoteCertificateValidationCallback = (_, seen, _, _) => seen?.GetCertHashString() == certificate.GetCertHashString();
        Assert.That(await AskAsync(address, handler: trusting), Is.EqualTo(Answer));

        GrpcException untrusted = Assert.CatchAsync<GrpcException>(() => AskAsync(address))!;
        Assert.That(untrusted.Origin, Is.EqualTo(GrpcOrigin.Tls));
    }

    [Test]
    public async Task TLS_with_a_server_that_has_none_is_named_so()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(call => call.ReplyAsync(Answer));
        GrpcException error = Assert.CatchAsync<GrpcException>(() => AskAsync(server.Address(";use_ssl=true")))!;
        Assert.That(error.Origin, Is.EqualTo(GrpcOrigin.Tls));
    }

    private static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(40), DateTimeOffset.UnixEpoch.AddYears(140));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
