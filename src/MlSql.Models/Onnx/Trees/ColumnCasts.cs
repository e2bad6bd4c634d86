using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>The operator Cast between numbers, where no number is cut.</summary>
internal static class ColumnCasts
{
    public static ColumnTensor Cast(ColumnTensor tensor, TensorElement to)
    {
        if (tensor.Element == to) return tensor;
        if (to is TensorElement.Float or TensorElement.Double && IsNumber(tensor.Element)) return Stepped(tensor, to, new CastStep(to == TensorElement.Float ? TreePrecision.Single : TreePrecision.Double));
        bool wider = (tensor.Element, to) is (TensorElement.Boolean or TensorElement.Int8 or TensorElement.UInt8 or TensorElement.Int16 or TensorElement.UInt16 or TensorElement.Int32 or TensorElement.UInt32, TensorElement.Int64)
            or (TensorElement.Boolean or TensorElement.Int8 or TensorElement.UInt8 or TensorElement.Int16 or TensorElement.UInt16, TensorElement.Int32);
        return wider ? tensor with { Element = to } : throw new UnrecognisedException($"it casts {tensor.Element} to {to}");
    }

    /// <summary>Every column after a step.</summary>
    public static ColumnTensor Stepped(ColumnTensor tensor, TensorElement element, ElementStep step) => new(element, tensor.Shape, [.. tensor.Columns.Select(c => c.Then(step))]);

    private static bool IsNumber(TensorElement element) => element is not (TensorElement.Text or TensorElement.Half or TensorElement.BFloat16);
}
