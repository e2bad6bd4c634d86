using MlSql.Engines.Spark.Connect.Errors;

namespace MlSql.Engines.Spark.Connect;

/// <summary>The bytes of an artifact, read from the start as often as it is sent.</summary>
internal abstract class ArtifactSource
{
    public static ArtifactSource Of(ReadOnlyMemory<byte> bytes) => new MemorySource(bytes);

    /// <summary>A file; throws MLS6214 when it cannot be read.</summary>
    public static ArtifactSource File(string path) => new FileSource(path);

    public abstract long Length { get; }

    public abstract Stream Open();

    private sealed class MemorySource(ReadOnlyMemory<byte> bytes) : ArtifactSource
    {
        public override long Length => bytes.Length;

        public override Stream Open() => System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(bytes.ToArray(), writable: false);
    }

    private sealed class FileSource(string path) : ArtifactSource
    {
        // A hash is computed from small reads, each of which would be a call to the system and a wait: 70 ms for 17 MB.
        private const int BufferBytes = 1 << 18;

        public override long Length { get; } = Try(path, p => new FileInfo(p).Length);

        public override Stream Open() => Try(path, p => new FileStream(p, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = BufferBytes }));

        private static T Try<T>(string path, Func<string, T> use)
        {
            try
            {
                return use(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SparkException(SparkErrorCodes.Artifact, $"A file for the cluster cannot be read: {path}", "check that it is there and readable", e);
            }
        }
    }
}
