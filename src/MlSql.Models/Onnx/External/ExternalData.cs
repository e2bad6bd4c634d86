using Microsoft.Win32.SafeHandles;
using MlSql.Models.Onnx.Protobuf;
using MlSql.Models.Onnx.Tensors;

namespace MlSql.Models.Onnx.External;

/// <summary>
/// Writes a model anew with the data of its side files within. All else is copied byte by byte; only the lengths of messages around such a tensor change.
/// </summary>
/// <param name="file">The model.</param>
/// <param name="folder">Its folder; null where it has none.</param>
internal sealed class ExternalData(ModelFile file, string? folder)
{
    private readonly Dictionary<int, ExternalRange> _ranges = [];
    private readonly Dictionary<int, long> _lengths = [];
    private int[] _starts = [];
    private byte[] _output = [];
    private int _position;
    private (string Location, SafeFileHandle Handle)? _open;

    /// <summary>The self-contained model. Every side file is opened and measured before anything of the whole's size is made.</summary>
    public byte[] Inline(List<TensorFacts> tensors)
    {
        if (folder is null) throw file.Errors.ExternalInBytes(tensors[0].Name.Length == 0 ? "without a name" : file.Shown(tensors[0].Name));
        foreach (TensorFacts tensor in tensors) _ranges.Add(tensor.Message.Start, ExternalRange.Read(file, tensor));
        _starts = [.. tensors.Select(tensor => tensor.Message.Start)];
        using SideFolder side = new(folder, file.Errors);
        try
        {
            foreach (ExternalRange range in _ranges.Values)
            {
                file.Cancel.ThrowIfCancellationRequested();
                long size = RandomAccess.GetLength(Open(side, range));
                if (range.Offset > size || range.Length > size - range.Offset) throw file.Errors.ExternalBeyond(range.Shown, range.ShownLocation, range.Offset, range.Length, size);
            }
            Slice model = new(0, file.Bytes.Length);
            long total = Measure(MessageKind.Model, model);
            if (total > file.Limits.FileBytes) throw file.Errors.Size(total, file.Limits.FileBytes);
            _output = GC.AllocateUninitializedArray<byte>((int)total);
            Write(MessageKind.Model, model, side);
            return _output;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw file.Errors.CannotRead(_open?.Location ?? folder, e.Message, e);
        }
        finally
        {
            _open?.Handle.Dispose();
        }
    }

    // Tensors of one file mostly stand together.
    private SafeFileHandle Open(SideFolder side, ExternalRange range)
    {
        if (_open is { } open && open.Location == range.Location) return open.Handle;
        _open?.Handle.Dispose();
        _open = null;
        _open = (range.Location, side.Open(range));
        return _open.Value.Handle;
    }

    // The limit on nesting, checked before, bounds how deep this goes.
    private long Measure(MessageKind kind, Slice message)
    {
        long length = 0;
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
        {
            if (kind == MessageKind.Tensor && fields.Number is TensorFields.ExternalData or TensorFields.DataLocation or TensorFields.Raw) continue;
            int whole = fields.Position - fields.Start;
            if (Changed(kind, fields) is not { } child)
            {
                length += whole;
                continue;
            }
            long content = Measure(child, fields.Content);
            length += VarintLength((ulong)fields.Number << 3) + VarintLength((ulong)content) + content;
        }
        if (kind == MessageKind.Tensor) length += 1 + VarintLength((ulong)_ranges[message.Start].Length) + _ranges[message.Start].Length;
        _lengths[message.Start] = length;
        return length;
    }

    private void Write(MessageKind kind, Slice message, SideFolder side)
    {
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
        {
            if (kind == MessageKind.Tensor && fields.Number is TensorFields.ExternalData or TensorFields.DataLocation or TensorFields.Raw) continue;
            if (Changed(kind, fields) is not { } child)
            {
                Slice whole = new(fields.Start, fields.Position - fields.Start);
                whole.Of(file.Span).CopyTo(_output.AsSpan(_position));
                _position += whole.Length;
                continue;
            }
            Varint((ulong)fields.Number << 3 | (ulong)WireType.Bytes);
            Varint((ulong)_lengths[fields.Content.Start]);
            Write(child, fields.Content, side);
        }
        if (kind != MessageKind.Tensor) return;
        ExternalRange range = _ranges[message.Start];
        Varint(TensorFields.Raw << 3 | (ulong)WireType.Bytes);
        Varint((ulong)range.Length);
        InputFile.Fill(Open(side, range), range.Offset, _output.AsSpan(_position, (int)range.Length), range.Location, file.Errors, file.Cancel);
        _position += (int)range.Length;
    }

    /// <summary>The kind of a field's message when a tensor to be written anew is in it.</summary>
    private MessageKind? Changed(MessageKind kind, in ProtobufReader field)
    {
        if (field.Wire != WireType.Bytes || MessageSchema.Child(kind, field.Number) is not { } child) return null;
        int next = Array.BinarySearch(_starts, field.Content.Start);
        if (next < 0) next = ~next;
        return next < _starts.Length && _starts[next] < field.Content.End ? child : null;
    }

    private static int VarintLength(ulong value)
    {
        int length = 1;
        for (; value >= 0x80; value >>= 7) length++;
        return length;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _output[_position++] = (byte)(value | 0x80);
        _output[_position++] = (byte)value;
    }
}
