using System.Text;
using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx;

/// <summary>The bytes that one call reads, and what it reads them by.</summary>
internal sealed record ModelFile(ReadOnlyMemory<byte> Bytes, OnnxLimits Limits, OnnxErrors Errors, CancellationToken Cancel)
{
    private const int LongestText = 1 << 20;
    private const int CountedAtOnce = 1 << 22;

    public ReadOnlySpan<byte> Span => Bytes.Span;

    public ProtobufReader Fields(Slice message) => new(Span, message, Cancel);

    public IntegerField Integers(Slice message, int field) => new(Span, message, field, Cancel);

    /// <summary>How many integers a packed field has: each ends in its only byte below 0x80.</summary>
    public long PackedLength(Slice packed)
    {
        ReadOnlySpan<byte> bytes = packed.Of(Span);
        if (bytes.Length > 0 && bytes[^1] >= 0x80) throw new MalformedProtobufException("a number is cut off", packed.Start);
        long length = 0;
        while (!bytes.IsEmpty)
        {
            Cancel.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> part = bytes[..Math.Min(bytes.Length, CountedAtOnce)];
            foreach (byte b in part) length += b < 0x80 ? 1 : 0;
            bytes = bytes[part.Length..];
        }
        return length;
    }

    /// <summary>Text that is shown or compared with columns; bytes that are no UTF-8 stand as U+FFFD.</summary>
    public string Text(Slice text, string what) =>
        text.Length > LongestText ? throw Errors.TextLength(what, LongestText) : Encoding.UTF8.GetString(text.Of(Span));

    public string Shown(Slice name) => ShownText.Name(name.Of(Span));
}
