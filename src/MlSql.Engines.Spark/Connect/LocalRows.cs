using Google.Protobuf;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.Engines.Spark.Connect;

/// <summary>Makes rows that we have into a relation of the server.</summary>
internal static class LocalRows
{
    /// <summary>Bytes up to which rows travel within the plan, and so with each use of it.</summary>
    private const int Inline = 256 << 10;

    public static async Task<Relation> RelationAsync(SparkArtifacts artifacts, SparkVersion version, IReadOnlyList<ReadOnlyMemory<byte>> streams, CancellationToken cancel)
    {
        if (streams.Count == 0) throw new ArgumentException("A relation needs a stream at least, of no rows.", nameof(streams));
        if (streams.Count == 1)
        {
            var rows = new LocalRelation { Data = ByteString.CopyFrom(streams[0].Span) };
            return streams[0].Length <= Inline
                ? new Relation { LocalRelation = rows }
                : new Relation { CachedLocalRelation = new CachedLocalRelation { Hash = await artifacts.AddToCacheAsync(rows.ToByteArray(), cancel).ConfigureAwait(false) } };
        }
        if (!version.AtLeast(4, 1)) throw new SparkException(SparkErrorCodes.Unsupported, $"Spark {version.Text} takes local rows in one piece only", "use Spark 4.1 or later, or a file");
        var pieces = new ChunkedCachedLocalRelation();
        foreach (ReadOnlyMemory<byte> stream in streams) pieces.DataHashes.Add(await artifacts.AddToCacheAsync(stream, cancel).ConfigureAwait(false));
        return new Relation { ChunkedCachedLocalRelation = pieces };
    }
}
