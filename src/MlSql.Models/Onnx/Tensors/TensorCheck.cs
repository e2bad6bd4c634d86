using System.Globalization;
using System.Numerics;
using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Tensors;

/// <summary>Holds what constant tensors declare against what they carry; makes nothing of the declared size.</summary>
internal sealed class TensorCheck(ModelFile file)
{
    private long _declared;

    /// <summary>Checks one TensorProto and returns what it declares.</summary>
    public TensorFacts Check(Slice message)
    {
        Slice name = default;
        long type = 0;
        bool external = false, raw = false;
        long rawBytes = 0;
        Span<long> entries = stackalloc long[TensorFields.UInt64s + 1];
        entries.Clear();
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
        {
            switch (fields.Number, fields.Wire)
            {
                case (TensorFields.Name, WireType.Bytes): name = fields.Content; break;
                case (TensorFields.Type, WireType.Varint): type = (int)fields.Value; break;
                case (TensorFields.DataLocation, WireType.Varint): external |= (int)fields.Value != 0; break;
                case (TensorFields.Raw, WireType.Bytes): (raw, rawBytes) = (true, fields.Content.Length); break;
                case (TensorFields.Floats or TensorFields.Doubles or TensorFields.Int32s or TensorFields.Int64s or TensorFields.UInt64s, _): entries[fields.Number] += Entries(fields); break;
                case (TensorFields.Texts, WireType.Bytes): entries[TensorFields.Texts]++; break;
            }
        }
        string shown = name.Length == 0 ? "without a name" : file.Shown(name);
        if (ElementSize.Bits(type) is not { } bits) throw file.Errors.UnknownElement(shown, type);
        long elements = Elements(message, TensorFields.Dimensions, shown, out string dimensions);
        long bytes = Bytes(elements, bits, shown, dimensions);

        long typed = entries[ElementSize.Field(type)], any = 0;
        foreach (long count in entries) any += count;
        string declares = $"{dimensions} {(bits == 0 ? "texts" : $"elements ({bytes} bytes)")}";
        if (external && bits == 0) throw file.Errors.Mismatch(shown, "texts", "them in a side file, where only numbers can lie");
        if (external && (any > 0 || rawBytes > 0)) throw file.Errors.Mismatch(shown, "that its data lie in a side file", "data of its own");
        if (!external && (raw && (any > 0 || bits == 0 || rawBytes != bytes)))
            throw file.Errors.Mismatch(shown, declares, any > 0 ? "its data twice" : $"{rawBytes} bytes");
        if (!external && !raw && (any != typed || typed != ElementSize.Entries(type, elements)))
            throw file.Errors.Mismatch(shown, declares, any != typed ? "data of another type" : $"{typed} entries");
        Count(bytes);
        return new(message, name, bytes, external);
    }

    /// <summary>Checks what a SparseTensorProto declares beside its two tensors: a runtime makes a dense tensor of it.</summary>
    public void CheckSparse(Slice message)
    {
        const int Values = 1, Dimensions = 3;
        int bits = 0;
        string shown = "without a name";
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
        {
            if (!fields.Is(Values, WireType.Bytes)) continue;
            ProtobufReader tensor = file.Fields(fields.Content);
            while (tensor.Next())
                if (tensor.Is(TensorFields.Type, WireType.Varint)) bits = ElementSize.Bits((int)tensor.Value) ?? 0;
                else if (tensor.Is(TensorFields.Name, WireType.Bytes)) shown = file.Shown(tensor.Content);
        }
        Count(Bytes(Elements(message, Dimensions, shown, out string dimensions), bits, shown, dimensions));
    }

    private void Count(long bytes)
    {
        _declared = Math.Min(long.MaxValue - bytes, _declared) + bytes;
        if (_declared > file.Limits.TensorBytes) throw file.Errors.TensorSize(file.Limits.TensorBytes);
    }

    private long Elements(Slice message, int field, string shown, out string dimensions)
    {
        long[] sizes = new long[file.Limits.Rank];
        int rank = 0;
        foreach (long size in file.Integers(message, field))
        {
            if (rank == sizes.Length) throw file.Errors.Rank(shown, sizes.Length);
            if (size < 0) throw file.Errors.Negative(shown, size);
            sizes[rank++] = size;
        }
        dimensions = rank == 0 ? "1" : string.Join('x', sizes.Take(rank).Select(size => size.ToString(CultureInfo.InvariantCulture)));
        long product = 1;
        bool overflows = false;
        // From the left, as runtimes multiply: a later zero does not undo an overflow.
        foreach (long size in sizes.AsSpan(0, rank)) overflows |= Math.BigMul(product, size, out product) != 0 || product < 0;
        return overflows ? throw file.Errors.Overflow(shown, dimensions) : product;
    }

    private long Bytes(long elements, int bits, string shown, string dimensions)
    {
        BigInteger bytes = ((BigInteger)elements * bits + 7) / 8;
        return bytes > long.MaxValue ? throw file.Errors.Overflow(shown, dimensions) : (long)bytes;
    }

    private long Entries(in ProtobufReader field)
    {
        int width = field.Number switch { TensorFields.Floats => sizeof(float), TensorFields.Doubles => sizeof(double), _ => 0 };
        if (field.Wire != WireType.Bytes) return field.Wire == (width switch { sizeof(float) => WireType.Fixed32, sizeof(double) => WireType.Fixed64, _ => WireType.Varint }) ? 1 : 0;
        if (width == 0) return file.PackedLength(field.Content);
        return field.Content.Length % width == 0 ? field.Content.Length / width : throw new MalformedProtobufException("a list of numbers is cut off", field.Start);
    }
}
