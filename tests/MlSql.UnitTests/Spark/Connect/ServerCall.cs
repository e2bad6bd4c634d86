using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MlSql.UnitTests.Spark.Connect;

/// <summary>One call as the server sees it, and the ways to answer it.</summary>
internal sealed class ServerCall
{
    private readonly HttpContext _context;

    private ServerCall(HttpContext context, byte[] body)
    {
        _context = context;
        Body = body;
        Path = context.Request.Path.Value!;
        Method = Path.Split('/')[^1];
        Headers = context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString());
    }

    public string Method { get; }

    public string Path { get; }

    public byte[] Body { get; }

    public Dictionary<string, string> Headers { get; }

    /// <summary>Ends when the client resets the call.</summary>
    public CancellationToken Aborted => _context.RequestAborted;

    public IReadOnlyList<byte[]> Messages => Frames(Body);

    public static async Task<ServerCall> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return new ServerCall(context, body.ToArray());
    }

    public T Request<T>(MessageParser<T> parser) where T : IMessage<T> => parser.ParseFrom(Messages[0]);

    public static List<byte[]> Frames(byte[] body)
    {
        List<byte[]> frames = [];
        for (int at = 0; at < body.Length;)
        {
            Assert.That(body[at], Is.Zero, "A frame is flagged.");
            int length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + 1));
            frames.Add(body[(at + 5)..(at + 5 + length)]);
            at += 5 + length;
        }
        return frames;
    }

    public static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>Writes a message and lets it out.</summary>
    public Task SendAsync(IMessage message) => SendAsync(Frame(message.ToByteArray()));

    public async Task SendAsync(byte[] bytes)
    {
        Begin();
        await _context.Response.Body.WriteAsync(bytes);
        await _context.Response.Body.FlushAsync();
    }

    /// <summary>Ends the call: in trailers, or in the headers when nothing was sent.</summary>
    public Task EndAsync(int status = 0, string? message = null, byte[]? details = null)
    {
        Begin();
        void Set(string name, string value)
        {
            if (_context.Response.HasStarted) _context.Response.AppendTrailer(name, value);
            else _context.Response.Headers[name] = value;
        }
        Set("grpc-status", status.ToString(CultureInfo.InvariantCulture));
        if (message is not null) Set("grpc-message", Uri.EscapeDataString(message));
        if (details is not null) Set("grpc-status-details-bin", Convert.ToBase64String(details).TrimEnd('='));
        return Task.CompletedTask;
    }

    public async Task ReplyAsync(IMessage message)
    {
        await SendAsync(message);
        await EndAsync();
    }

    /// <summary>Answers as something that is no Spark Connect.</summary>
    public async Task PlainAsync(int status, string contentType, string text = "")
    {
        _context.Response.StatusCode = status;
        _context.Response.ContentType = contentType;
        await _context.Response.WriteAsync(text);
    }

    public void SetHeader(string name, string value) => _context.Response.Headers[name] = value;

    /// <summary>Resets the stream with an HTTP/2 error code, and no status.</summary>
    public void Reset(int code) => _context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(code);

    private void Begin()
    {
        if (!_context.Response.HasStarted) _context.Response.ContentType = "application/grpc";
    }
}
