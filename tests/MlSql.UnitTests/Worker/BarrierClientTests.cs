using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MlSql.Columnar;
using MlSql.Worker.Barrier;
using MlSql.Worker.Tasks;

namespace MlSql.UnitTests.Worker;

/// <summary>The tasks of a barrier stage meet as a real engine lets them.</summary>
public class BarrierClientTests
{
    [TestCase("barrier_map_in_arrow_allgather_task0")]
    [TestCase("barrier_map_in_arrow_allgather_task1")]
    [TestCase("uds_barrier")]
    public void Recorded_replies_are_understood_and_requests_are_the_recorded_ones(string name)
    {
        using var notes = JsonDocument.Parse(File.ReadAllBytes(TestData.Shared("spark-protocol", "worker", name + ".json")));
        foreach (var call in notes.RootElement.GetProperty("side_channels").EnumerateArray())
        {
            byte[] request = Convert.FromHexString(call.GetProperty("request_hex").GetString()!), reply = Convert.FromHexString(call.GetProperty("reply_hex").GetString()!);
            using TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            BarrierClient client = new(new() { IsBarrier = true, BarrierPort = ((IPEndPoint)listener.LocalEndpoint).Port, Secret = "word" }, preferIpv6: false);
            var served = Task.Run(() => Serve(listener, request.Length, reply));
            bool gathers = request[3] == 2;
            if (gathers) Assert.That(client.AllGather(System.Text.Encoding.UTF8.GetString(request[8..]), CancellationToken.None), Is.EqualTo(new[] { "task-0", "task-1" }));
            else client.Barrier(CancellationToken.None);
            Assert.That(served.Result, Is.EqualTo(request));
        }
    }

    [TestCase("0000000548656C6C6F", "Hello")]
    [TestCase("00000002000000036162", "could not meet")]
    [TestCase("", "closed the connection")]
    public void An_error_has_another_shape(string reply, string text) =>
        Assert.That(() => BarrierClient.Parse(Convert.FromHexString(reply)), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS4315").And.Message.Contains(text));

    [Test]
    public void Without_a_barrier_nobody_meets() =>
        Assert.That(() => new BarrierClient(new TaskContext(), preferIpv6: false).Barrier(CancellationToken.None), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS4314"));

    private static byte[] Serve(TcpListener listener, int requestLength, byte[] reply)
    {
        using var socket = listener.AcceptSocket();
        using NetworkStream stream = new(socket);
        byte[] secret = new byte[8];
        stream.ReadExactly(secret);
        Assert.That(secret, Is.EqualTo("\0\0\0\u0004word"u8.ToArray()));
        stream.Write("\0\0\0\u0002ok"u8);
        byte[] request = new byte[requestLength];
        stream.ReadExactly(request);
        stream.Write(reply);
        return request;
    }
}
