using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Google.Protobuf;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.Engines.Spark.Connect;

/// <summary>
/// Files that travel with a session to the server and its executors. A name's first part says what becomes of it: files/, archives/ (unpacked into the folder named after the #), jars/, pyfiles/, classes/, cache/.
/// A name can have one content only, so names hold a hash of it.
/// </summary>
internal sealed class SparkArtifacts(SessionCalls calls)
{
    private const int ChunkBytes = 1 << 20;
    private const string Cache = "cache/";
    private readonly ConcurrentDictionary<string, byte> _sent = [];

    /// <summary>Uploads under a name, unless this session has done so. Throws MLS6214 for a name that has other content already, or content that was damaged on the way.</summary>
    public async Task AddAsync(string name, ArtifactSource source, CancellationToken cancel)
    {
        if (_sent.ContainsKey(name)) return;
        AddArtifactsResponse answer = await calls.AddArtifactsAsync(() => MessagesAsync(name, source), cancel).ConfigureAwait(false);
        string stem = name.Split('#')[0];
        bool whole = answer.Artifacts.Any(a => a.Name.Split('#')[0] == stem && a.IsCrcSuccessful);
        if (!whole) throw new SparkException(SparkErrorCodes.Artifact, $"The server did not take the file {name}: it was damaged on the way", "try again");
        _sent.TryAdd(name, 0);
    }

    /// <summary>Uploads a file under files/&lt;SHA-256&gt;<paramref name="extension"/> and gives that name without its folder: what it is called where tasks run.</summary>
    public async Task<string> AddFileAsync(string path, string extension, CancellationToken cancel)
    {
        ArtifactSource source = ArtifactSource.File(path);
        string name = await HashAsync(source, cancel).ConfigureAwait(false) + extension;
        await AddAsync("files/" + name, source, cancel).ConfigureAwait(false);
        return name;
    }

    /// <summary>
    /// Uploads a packed file that tasks unpack themselves, and gives its name where they run: <paramref name="stem"/>-&lt;8 hex digits of its hash&gt;.packed.
    /// Archives, and all files that are named like one, Spark unpacks on the server and before an executor's first task, needed or not: 0.24 s each for the worker.
    /// </summary>
    public async Task<string> AddPackedAsync(string path, string stem, CancellationToken cancel)
    {
        ArtifactSource source = ArtifactSource.File(path);
        string name = $"{stem}-{(await HashAsync(source, cancel).ConfigureAwait(false))[..8]}.packed";
        await AddAsync("files/" + name, source, cancel).ConfigureAwait(false);
        return name;
    }

    /// <summary>Puts bytes into the server's cache unless they are there, and gives their SHA-256 as hex digits.</summary>
    public async Task<string> AddToCacheAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        if (!_sent.ContainsKey(Cache + hash) && !await IsThereAsync(Cache + hash, cancel).ConfigureAwait(false)) await AddAsync(Cache + hash, ArtifactSource.Of(bytes), cancel).ConfigureAwait(false);
        return hash;
    }

    /// <summary>True when the server has the artifact. Of all but cache/ it says no always.</summary>
    public async Task<bool> IsThereAsync(string name, CancellationToken cancel)
    {
        ArtifactStatusesResponse answer = await calls.ArtifactStatusAsync(new ArtifactStatusesRequest { Names = { name } }, cancel).ConfigureAwait(false);
        return answer.Statuses.TryGetValue(name, out ArtifactStatusesResponse.Types.ArtifactStatus? status) && status.Exists;
    }

    private static async Task<string> HashAsync(ArtifactSource source, CancellationToken cancel)
    {
        Stream stream = source.Open();
        await using (stream.ConfigureAwait(false)) return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel).ConfigureAwait(false));
    }

    private static async IAsyncEnumerable<AddArtifactsRequest> MessagesAsync(string name, ArtifactSource source, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        long length = source.Length, chunks = Math.Max(1, (length + ChunkBytes - 1) / ChunkBytes);
        var buffer = new byte[Math.Min(length, ChunkBytes)];
        Stream stream = source.Open();
        await using (stream.ConfigureAwait(false))
        {
            for (long chunk = 0; chunk < chunks; chunk++)
            {
                int expected = (int)Math.Min(ChunkBytes, length - chunk * ChunkBytes);
                int read = await stream.ReadAtLeastAsync(buffer.AsMemory(0, expected), expected, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
                if (read < expected) throw new SparkException(SparkErrorCodes.Artifact, $"The file of {name} changed while it was sent", "do not write to it meanwhile");
                var data = new AddArtifactsRequest.Types.ArtifactChunk { Data = ByteString.CopyFrom(buffer.AsSpan(0, read)), Crc = Crc32.Of(buffer.AsSpan(0, read)) };
                // The server refuses to begin chunks where there is only one.
                yield return chunks == 1 ? new() { Batch = new() { Artifacts = { new AddArtifactsRequest.Types.SingleChunkArtifact { Name = name, Data = data } } } }
                    : chunk == 0 ? new() { BeginChunk = new() { Name = name, TotalBytes = length, NumChunks = chunks, InitialChunk = data } }
                    : new() { Chunk = data };
            }
        }
    }
}
