using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Models.Onnx;

namespace MlSql.Scoring.Onnx;

/// <summary>What tensors' elements are in our types.</summary>
internal static class TensorElements
{
    /// <summary>Bytes of one element; not for texts.</summary>
    public static int Bytes(TensorElement element) => element switch
    {
        TensorElement.UInt8 or TensorElement.Int8 or TensorElement.Boolean => 1,
        TensorElement.UInt16 or TensorElement.Int16 or TensorElement.Half or TensorElement.BFloat16 => 2,
        TensorElement.Float or TensorElement.Int32 or TensorElement.UInt32 => 4,
        TensorElement.Double or TensorElement.Int64 or TensorElement.UInt64 => 8,
        _ => throw new UnreachableException(element.ToString()),
    };

    /// <summary>The column type of one value; half-precision numbers come out as FLOAT.</summary>
    public static DataType TypeOf(TensorElement element) => element switch
    {
        TensorElement.Float or TensorElement.Half or TensorElement.BFloat16 => new FloatType(32),
        TensorElement.Double => new FloatType(64),
        TensorElement.Boolean => new BooleanType(),
        TensorElement.Text => new StringType(),
        TensorElement.Int8 => new IntegerType(8, true),
        TensorElement.UInt8 => new IntegerType(8, false),
        TensorElement.Int16 => new IntegerType(16, true),
        TensorElement.UInt16 => new IntegerType(16, false),
        TensorElement.Int32 => new IntegerType(32, true),
        TensorElement.UInt32 => new IntegerType(32, false),
        TensorElement.Int64 => new IntegerType(64, true),
        TensorElement.UInt64 => new IntegerType(64, false),
        _ => throw new UnreachableException(element.ToString()),
    };

    /// <summary>What is read for a tensor element: half-precision numbers are widened to floats.</summary>
    public static TensorElement Widened(TensorElement element) => element is TensorElement.Half or TensorElement.BFloat16 ? TensorElement.Float : element;
}
