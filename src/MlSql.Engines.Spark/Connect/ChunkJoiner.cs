using Google.Protobuf;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.Engines.Spark.Connect;

/// <summary>Makes whole batches of the pieces in which large ones come, and sees to it that no row is missing or doubled.</summary>
internal sealed class ChunkJoiner(int limit)
{
    private readonly List<ByteString> _pieces = [];
    private long _bytes;
    private long _rowsOfBatch;
    private long _rows;

    /// <summary>Rows of all whole batches.</summary>
    public long Rows => _rows;

    /// <summary>Takes a piece; the batch when it was the last of it, else null. Throws MLS6211 for pieces that do not follow each other, MLS6206 for a batch over the limit.</summary>
    public SparkBatch? Add(ExecutePlanResponse.Types.ArrowBatch piece)
    {
        long index = piece.HasChunkIndex ? piece.ChunkIndex : 0;
        long count = piece.HasNumChunksInBatch ? piece.NumChunksInBatch : 1;
        if (index != _pieces.Count || count < 1 || index >= count) throw Broken($"piece {index} of {count} comes after {_pieces.Count} pieces");
        if (piece.RowCount < 0 || (_pieces.Count > 0 && piece.RowCount != _rowsOfBatch)) throw Broken("the pieces of a batch differ in their number of rows");
        if (piece.HasStartOffset && piece.StartOffset != _rows) throw Broken($"a batch begins at row {piece.StartOffset}, and {_rows} rows have come");
        _rowsOfBatch = piece.RowCount;
        _bytes += piece.Data.Length;
        if (_bytes > limit) throw new SparkException(SparkErrorCodes.Limit, $"A batch of the result has more than {limit} bytes", "lower spark.sql.execution.arrow.maxRecordsPerBatch, or ask for narrower rows");
        _pieces.Add(piece.Data);
        if (_pieces.Count < count) return null;
        var batch = new SparkBatch(Join(), _rowsOfBatch);
        _rows += _rowsOfBatch;
        _pieces.Clear();
        _bytes = 0;
        return batch;
    }

    /// <summary>Throws when the result ended in the middle of a batch.</summary>
    public void End()
    {
        if (_pieces.Count > 0) throw Broken("it ends in the middle of a batch");
    }

    private ReadOnlyMemory<byte> Join()
    {
        if (_pieces.Count == 1) return _pieces[0].Memory;
        var whole = new byte[_bytes];
        int at = 0;
        foreach (ByteString piece in _pieces)
        {
            piece.Span.CopyTo(whole.AsSpan(at));
            at += piece.Length;
        }
        return whole;
    }

    private static SparkException Broken(string what) => new(SparkErrorCodes.Protocol, "The server's result does not fit together: " + what, "run the query again");
}
