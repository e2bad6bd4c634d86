using System.Buffers.Binary;
using System.Collections.Immutable;
using MlSql.Models.Onnx.Protobuf;
using MlSql.Models.Onnx.Tensors;

namespace MlSql.Models.Onnx.Trees;

/// <summary>A constant tensor of numbers, row-major. Whole numbers beyond 2^53 are refused.</summary>
internal sealed record ConstantTensor(TensorElement Element, ImmutableArray<long> Shape, double[] Values)
{
    private const double LargestWhole = 1L << 53;

    /// <summary>Reads a TensorProto that <see cref="TensorCheck"/> found sound, so that its sizes are those of its data.</summary>
    public static ConstantTensor Read(ModelFile file, Slice message)
    {
        long type = 0;
        Slice? raw = null;
        bool external = false;
        var shape = ImmutableArray.CreateBuilder<long>();
        foreach (long size in file.Integers(message, TensorFields.Dimensions)) shape.Add(size);
        List<double> values = [];
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
        {
            switch (fields.Number, fields.Wire)
            {
                case (TensorFields.Type, WireType.Varint): type = (long)fields.Value; break;
                case (TensorFields.DataLocation, WireType.Varint): external = fields.Value != 0; break;
                case (TensorFields.Raw, WireType.Bytes): raw = fields.Content; break;
                case (TensorFields.Floats, WireType.Fixed32): values.Add(BitConverter.UInt32BitsToSingle((uint)fields.Value)); break;
                case (TensorFields.Doubles, WireType.Fixed64): values.Add(BitConverter.UInt64BitsToDouble(fields.Value)); break;
                case (TensorFields.Floats, WireType.Bytes): Add(values, TensorElement.Float, fields.Content.Of(file.Span)); break;
                case (TensorFields.Doubles, WireType.Bytes): Add(values, TensorElement.Double, fields.Content.Of(file.Span)); break;
            }
        }
        TensorElement element = (TensorElement)type;
        if (external) throw new UnrecognisedException("a constant of it lies in a side file");
        int? field = element switch { TensorElement.Int64 => TensorFields.Int64s, TensorElement.Int32 or TensorElement.UInt8 or TensorElement.Boolean => TensorFields.Int32s, TensorElement.Float or TensorElement.Double => 0, _ => null };
        if (field is not { } wholes) throw new UnrecognisedException($"a constant of it is a tensor of {element}");
        if (raw is { } data) Add(values, element, data.Of(file.Span));
        else if (wholes > 0)
            foreach (long value in file.Integers(message, wholes)) values.Add(value);
        foreach (double value in values)
            if (wholes > 0 && Math.Abs(value) > LargestWhole) throw new UnrecognisedException("a constant of it is a whole number beyond 2^53");
        return new(element, shape.ToImmutable(), [.. values]);
    }

    /// <summary>The values as indexes or sizes.</summary>
    public long[] Wholes(string what) => Element is TensorElement.Int64 or TensorElement.Int32 ? Array.ConvertAll(Values, v => (long)v) : throw new UnrecognisedException($"{what} is a tensor of {Element}");

    private static void Add(List<double> values, TensorElement element, ReadOnlySpan<byte> data)
    {
        int width = element switch { TensorElement.Int64 or TensorElement.Double => 8, TensorElement.Float or TensorElement.Int32 => 4, _ => 1 };
        for (; data.Length >= width; data = data[width..])
            values.Add(element switch
            {
                TensorElement.Int64 => BinaryPrimitives.ReadInt64LittleEndian(data),
                TensorElement.Double => BinaryPrimitives.ReadDoubleLittleEndian(data),
                TensorElement.Float => BinaryPrimitives.ReadSingleLittleEndian(data),
                TensorElement.Int32 => BinaryPrimitives.ReadInt32LittleEndian(data),
                _ => data[0],
            });
    }
}
