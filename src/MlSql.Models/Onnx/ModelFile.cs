using System.Text;
using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx;

/// <summary>The bytes that one call reads, and what it reads them by.</summary>
internal sealed record ModelFile(ReadOnlyMemory<byte> Bytes, OnnxLimits Limits, OnnxErrors Errors, CancellationToken Cancel)
{
    private const int LongestText = 1 << 20;

    public ReadOnlySpan<byte> Span => Bytes.Span;

    public ProtobufReader Fields(Slice message) => new(Span, message);

    /// <summary>Text that is shown or compared with columns; bytes that are no UTF-8 stand as U+FFFD.</summary>
    public string Text(Slice text, string what) =>
        text.Length > LongestText ? throw Errors.TextLength(what, LongestText) : Encoding.UTF8.GetString(text.Of(Span));

    public string Shown(Slice name) => ShownText.Name(name.Of(Span));
}
