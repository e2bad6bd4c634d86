namespace MlSql.Cli.Output;

/// <summary>The reader of our output has gone; there is nobody to tell.</summary>
internal sealed class ReaderGoneException(IOException inner) : Exception(inner.Message, inner);

/// <summary>Results cannot be written: the disk is full, say.</summary>
internal sealed class OutputFailedException(Exception inner) : Exception(inner.Message, inner);

/// <summary>A stream of results that says what went wrong in writing them, so that it is not taken for a failure of the statement.</summary>
internal sealed class ResultStream(Stream inner) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (IOException e)
        {
            throw IsClosedPipe(e) ? new ReaderGoneException(e) : new OutputFailedException(e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch (IOException e)
        {
            throw IsClosedPipe(e) ? new ReaderGoneException(e) : new OutputFailedException(e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // EPIPE; on Windows ERROR_BROKEN_PIPE and ERROR_NO_DATA.
    private static bool IsClosedPipe(IOException e) => (e.HResult & 0xFFFF) is var code && (OperatingSystem.IsWindows() ? code is 109 or 232 : code == 32);
}
