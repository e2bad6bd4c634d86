using System.Diagnostics;
using System.Numerics;
using MlSql.Columnar;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx;

namespace MlSql.Scoring.Outputs;

/// <summary>Writes elements of tensors as they are, or as numbers of a wider type where the engine has none of their own.</summary>
internal static class ElementWriter
{
    /// <summary>Writes <paramref name="count"/> elements from place <paramref name="from"/> on to the rows from <paramref name="at"/> on.</summary>
    public static void Place<TOutput>(TensorValues values, int from, int count, TOutput output, int at) where TOutput : struct, IColumnOutput<TOutput>
    {
        switch (values.Element)
        {
            case TensorElement.Text:
                for (int i = 0; i < count; i++) output.SetText(at + i, values.Text(from + i));
                break;
            case TensorElement.UInt8 when output.Type is IntegerType { Bits: 16 }:
                Widen<byte, short, TOutput>(values, from, count, output, at);
                break;
            case TensorElement.UInt16 when output.Type is IntegerType { Bits: 32 }:
                Widen<ushort, int, TOutput>(values, from, count, output, at);
                break;
            case TensorElement.UInt32 when output.Type is IntegerType { Bits: 64 }:
                Widen<uint, long, TOutput>(values, from, count, output, at);
                break;
            case TensorElement.UInt64 when output.Type is DecimalType:
                Widen<ulong, Int128, TOutput>(values, from, count, output, at);
                break;
            case TensorElement.Int8 or TensorElement.UInt8 or TensorElement.Boolean:
                values.Values<byte>().Slice(from, count).CopyTo(output.Values<byte>()[at..]);
                break;
            case TensorElement.Int16 or TensorElement.UInt16:
                values.Values<ushort>().Slice(from, count).CopyTo(output.Values<ushort>()[at..]);
                break;
            case TensorElement.Float or TensorElement.Int32 or TensorElement.UInt32:
                values.Values<uint>().Slice(from, count).CopyTo(output.Values<uint>()[at..]);
                break;
            case TensorElement.Double or TensorElement.Int64 or TensorElement.UInt64:
                values.Values<ulong>().Slice(from, count).CopyTo(output.Values<ulong>()[at..]);
                break;
            default:
                throw new UnreachableException(values.Element.ToString());
        }
    }

    private static void Widen<TFrom, TTo, TOutput>(TensorValues values, int from, int count, TOutput output, int at)
        where TFrom : unmanaged, INumber<TFrom> where TTo : unmanaged, INumber<TTo> where TOutput : struct, IColumnOutput<TOutput>
    {
        var narrow = values.Values<TFrom>().Slice(from, count);
        var wide = output.Values<TTo>().Slice(at, count);
        for (int i = 0; i < narrow.Length; i++) wide[i] = TTo.CreateTruncating(narrow[i]);
    }
}
