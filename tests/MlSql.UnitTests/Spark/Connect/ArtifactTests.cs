using System.Security.Cryptography;
using System.Text;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.UnitTests.Spark.Connect;

internal sealed class ArtifactTests
{
    private const int Chunk = 1 << 20;

    [TestCase("", 0u)]
    [TestCase("123456789", 0xCBF43926u)]
    [TestCase("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void The_checksum_is_that_of_zip(string text, uint crc) => Assert.That(Crc32.Of(Encoding.ASCII.GetBytes(text)), Is.EqualTo(crc));

    [Test]
    public void The_checksums_are_those_of_the_recordings()
    {
        int seen = 0;
        foreach (Recording recording in Recording.Of("*AddArtifacts"))
        {
            foreach (AddArtifactsRequest request in recording.Requests.Select(AddArtifactsRequest.Parser.ParseFrom))
            {
                AddArtifactsRequest.Types.ArtifactChunk[] chunks = [.. (request.Batch?.Artifacts.Select(a => a.Data) ?? []), .. new[] { request.BeginChunk?.InitialChunk, request.Chunk }.OfType<AddArtifactsRequest.Types.ArtifactChunk>()];
                foreach (AddArtifactsRequest.Types.ArtifactChunk chunk in chunks)
                {
                    Assert.That((long)Crc32.Of(chunk.Data.Span), Is.EqualTo(chunk.Crc));
                    seen++;
                }
            }
        }
        Assert.That(seen, Is.GreaterThanOrEqualTo(7));
    }

    private static Task TakeAsync(ServerCall call, bool whole = true)
    {
        AddArtifactsRequest first = AddArtifactsRequest.Parser.ParseFrom(call.Messages[0]);
        string name = first.BeginChunk?.Name ?? first.Batch.Artifacts[0].Name;
        return call.ReplyAsync(new AddArtifactsResponse { SessionId = first.SessionId, Artifacts = { new AddArtifactsResponse.Types.ArtifactSummary { Name = name, IsCrcSuccessful = whole } } });
    }

    private static byte[] Content(ServerCall call)
    {
        using var content = new MemoryStream();
        foreach (AddArtifactsRequest request in call.Messages.Select(AddArtifactsRequest.Parser.ParseFrom))
        {
            AddArtifactsRequest.Types.ArtifactChunk chunk = request.BeginChunk?.InitialChunk ?? request.Chunk ?? request.Batch.Artifacts.Single().Data;
            Assert.That(Crc32.Of(chunk.Data.Span), Is.EqualTo(chunk.Crc));
            content.Write(chunk.Data.Span);
        }
        return content.ToArray();
    }

    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(Chunk, 1)]
    [TestCase(Chunk + 1, 2)]
    [TestCase(3 * Chunk, 3)]
    [TestCase(3 * Chunk + 7, 4)]
    public async Task Content_travels_in_pieces(int length, int pieces)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        await using SparkScript script = await SparkScript.StartAsync("AddArtifacts", (call, _) => TakeAsync(call));
        await using SparkSession session = await script.OpenAsync();
        await session.Artifacts.AddAsync("files/a", ArtifactSource.Of(content), CancellationToken.None);
        ServerCall call = script.Server.Of("AddArtifacts").Single();
        AddArtifactsRequest first = AddArtifactsRequest.Parser.ParseFrom(call.Messages[0]);
        Assert.That(call.Messages, Has.Count.EqualTo(pieces));
        Assert.That(Content(call).AsSpan().SequenceEqual(content));
        if (pieces == 1) Assert.That(first.Batch.Artifacts.Single().Name, Is.EqualTo("files/a"));
        else Assert.That((first.BeginChunk.Name, first.BeginChunk.TotalBytes, first.BeginChunk.NumChunks), Is.EqualTo(("files/a", (long)length, (long)pieces)));
        await session.Artifacts.AddAsync("files/a", ArtifactSource.Of(content), CancellationToken.None);
        Assert.That(script.Server.Of("AddArtifacts").Count(), Is.EqualTo(1), "It is there already.");
    }

    [Test]
    public async Task Files_are_named_after_their_content()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, Guid.NewGuid().ToString("N"));
        await File.WriteAllTextAsync(path, "hello");
        string hash = Convert.ToHexStringLower(SHA256.HashData("hello"u8));
        await using SparkScript script = await SparkScript.StartAsync("AddArtifacts", (call, _) => TakeAsync(call));
        await using SparkSession session = await script.OpenAsync();
        Assert.That(await session.Artifacts.AddFileAsync(path, ".mlsqlm", CancellationToken.None), Is.EqualTo(hash + ".mlsqlm"));
        Assert.That(await session.Artifacts.AddPackedAsync(path, "mlsql-onnx", CancellationToken.None), Is.EqualTo($"mlsql-onnx-{hash[..8]}.packed"));
        Assert.That(script.Server.Of("AddArtifacts").Select(c => AddArtifactsRequest.Parser.ParseFrom(c.Messages[0]).Batch.Artifacts[0].Name), Is.EqualTo(new[] { $"files/{hash}.mlsqlm", $"files/mlsql-onnx-{hash[..8]}.packed" }));
        File.Delete(path);
        Assert.That(Assert.CatchAsync<SparkException>(() => session.Artifacts.AddFileAsync(path, "", CancellationToken.None))!.Code, Is.EqualTo("MLS6214"));
    }

    [Test]
    public async Task Damaged_content_is_an_error_and_may_be_sent_again()
    {
        await using SparkScript script = await SparkScript.StartAsync("AddArtifacts", (call, n) => TakeAsync(call, whole: n > 0));
        await using SparkSession session = await script.OpenAsync();
        SparkException error = Assert.CatchAsync<SparkException>(() => session.Artifacts.AddAsync("files/a", ArtifactSource.Of(new byte[3]), CancellationToken.None))!;
        Assert.That(error.Code, Is.EqualTo("MLS6214"));
        await session.Artifacts.AddAsync("files/a", ArtifactSource.Of(new byte[3]), CancellationToken.None);
    }

    [Test]
    public async Task An_upload_that_was_cut_is_sent_again_from_the_start()
    {
        byte[] content = new byte[2 * Chunk + 5];
        new Random(1).NextBytes(content);
        await using SparkScript script = await SparkScript.StartAsync("AddArtifacts", (call, n) => n == 0 ? call.EndAsync(14, "away") : TakeAsync(call));
        await using SparkSession session = await script.OpenAsync();
        await session.Artifacts.AddAsync("files/a", ArtifactSource.Of(content), CancellationToken.None);
        Assert.That(script.Server.Of("AddArtifacts").Select(c => Content(c).AsSpan().SequenceEqual(content)), Is.EqualTo(new[] { true, true }));
    }

    [Test]
    public async Task The_server_is_asked_before_its_cache_is_filled()
    {
        byte[] content = new byte[300_000];
        string hash = "";
        await using SparkScript script = await SparkScript.StartAsync(async call =>
        {
            if (call.Method == "AddArtifacts") await TakeAsync(call);
            else if (call.Method == "ArtifactStatus")
            {
                string name = call.Request(ArtifactStatusesRequest.Parser).Names.Single();
                await call.ReplyAsync(new ArtifactStatusesResponse { Statuses = { [name] = new() { Exists = name == "cache/" + hash } } });
            }
            else return false;
            return true;
        });
        await using SparkSession session = await script.OpenAsync();
        Relation small = await session.LocalRowsAsync([new byte[10]], CancellationToken.None);
        Assert.That(small.LocalRelation.Data.Length, Is.EqualTo(10));
        Relation large = await session.LocalRowsAsync([content], CancellationToken.None);
        hash = large.CachedLocalRelation.Hash;
        byte[] sent = Content(script.Server.Of("AddArtifacts").Single());
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(sent)), Is.EqualTo(hash));
        Assert.That(LocalRelation.Parser.ParseFrom(sent).Data.Span.SequenceEqual(content));
        await using SparkSession other = await script.OpenAsync();
        Assert.That((await other.LocalRowsAsync([content], CancellationToken.None)).CachedLocalRelation.Hash, Is.EqualTo(hash));
        Assert.That(script.Server.Of("AddArtifacts").Count(), Is.EqualTo(1));
        Relation pieces = await session.LocalRowsAsync([new byte[7], new byte[8]], CancellationToken.None);
        Assert.That(pieces.ChunkedCachedLocalRelation.DataHashes, Is.EqualTo(new[] { Convert.ToHexStringLower(SHA256.HashData(new byte[7])), Convert.ToHexStringLower(SHA256.HashData(new byte[8])) }));
    }
}
