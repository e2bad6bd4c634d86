using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MlSql.Columnar;
using MlSql.Models.Onnx;

namespace MlSql.Models.Format;

/// <summary>The stored form of an imported graph: how its tensors meet columns, then its bytes.</summary>
internal static class GraphForm
{
    private const int LeastPartBytes = 5;
    private const int MaxDepth = 4;

    public static void Write(FormatWriter writer, GraphStructure graph)
    {
        writer.Count(graph.Inputs.Length);
        foreach (GraphInput input in graph.Inputs)
        {
            writer.Text(input.Name);
            writer.Byte((byte)input.Element);
            WriteNumbers(writer, input.Shape);
            WriteNumbers(writer, input.Features);
        }
        writer.Count(graph.Outputs.Length);
        foreach (GraphOutput output in graph.Outputs)
        {
            writer.Text(output.Name);
            writer.Text(output.Column);
            WriteType(writer, output.Type);
            writer.Flag(output.BatchWide);
            writer.Count(output.Width ?? 0);
        }
        writer.Count(graph.Batch ?? 0);
        writer.Flag(graph.RowsAreIndependent);
        WriteNumbers(writer, graph.ClassOrder);
        writer.Count(graph.Graph.Length);
        writer.Raw(graph.Graph.AsSpan());
    }

    public static GraphStructure Read(ref FormatReader reader)
    {
        var inputs = new GraphInput[reader.Count(LeastPartBytes)];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = new(reader.Text(), ReadElement(ref reader), ReadNumbers(ref reader), ReadNumbers(ref reader));
        var outputs = new GraphOutput[reader.Count(LeastPartBytes)];
        for (int i = 0; i < outputs.Length; i++) outputs[i] = new(reader.Text(), reader.Text(), ReadType(ref reader, 0), reader.Flag(), ReadNumber(ref reader) is > 0 and var width ? width : null);
        int batch = ReadNumber(ref reader);
        bool independent = reader.Flag();
        ImmutableArray<int> classOrder = ReadNumbers(ref reader);
        return new(ImmutableCollectionsMarshal.AsImmutableArray(reader.Take(reader.Count(1)).ToArray()), [.. inputs], [.. outputs], batch == 0 ? null : batch, independent, classOrder);
    }

    public static TensorElement ReadElement(ref FormatReader reader)
    {
        var element = (TensorElement)reader.Byte();
        return Enum.IsDefined(element) ? element : throw ModelErrors.Malformed($"unknown tensor element {(int)element}");
    }

    private static void WriteNumbers(FormatWriter writer, ImmutableArray<int> numbers)
    {
        writer.Count(numbers.Length);
        foreach (int number in numbers) writer.Count(number);
    }

    private static ImmutableArray<int> ReadNumbers(ref FormatReader reader)
    {
        var numbers = new int[reader.Count(sizeof(uint))];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = ReadNumber(ref reader);
        return [.. numbers];
    }

    private static int ReadNumber(ref FormatReader reader) => reader.Number() is <= int.MaxValue and var number ? (int)number : throw ModelErrors.Malformed("a number beyond 2^31");

    // The types that outputs have; no other is ever written.
    private static void WriteType(FormatWriter writer, DataType type)
    {
        switch (type)
        {
            case BooleanType:
                writer.Byte(0);
                break;
            case StringType:
                writer.Byte(1);
                break;
            case FloatType f:
                writer.Byte(2);
                writer.Byte((byte)f.Bits);
                break;
            case IntegerType i:
                writer.Byte(i.Signed ? (byte)3 : (byte)4);
                writer.Byte((byte)i.Bits);
                break;
            case ListType l:
                writer.Byte(5);
                WriteType(writer, l.Element);
                break;
            case MapType m:
                writer.Byte(6);
                WriteType(writer, m.Key);
                WriteType(writer, m.Value);
                break;
            default:
                throw ModelErrors.Unwritable($"an output of type {type}");
        }
    }

    private static DataType ReadType(ref FormatReader reader, int depth)
    {
        if (depth > MaxDepth) throw ModelErrors.Malformed("the type of an output lies too deep");
        byte kind = reader.Byte();
        return kind switch
        {
            0 => new BooleanType(),
            1 => new StringType(),
            2 => new FloatType(ReadBits(ref reader, least: 32)),
            3 or 4 => new IntegerType(ReadBits(ref reader, least: 8), kind == 3),
            5 => new ListType(ReadType(ref reader, depth + 1)),
            6 => new MapType(ReadType(ref reader, depth + 1), ReadType(ref reader, depth + 1)),
            _ => throw ModelErrors.Malformed($"unknown type of an output {kind}"),
        };
    }

    private static int ReadBits(ref FormatReader reader, int least)
    {
        byte bits = reader.Byte();
        return bits is 8 or 16 or 32 or 64 && bits >= least ? bits : throw ModelErrors.Malformed($"numbers of {bits} bits");
    }
}
