using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>Operators that change each element by itself.</summary>
internal static class ColumnSteps
{
    /// <summary>An operation with a constant that has one element, or one an element of the last dimension.</summary>
    public static ColumnTensor Arithmetic(ColumnTensor tensor, ElementOperation operation, ConstantTensor constant)
    {
        if (tensor.Element is not (TensorElement.Float or TensorElement.Double) || constant.Element != tensor.Element) throw new UnrecognisedException($"it computes in {tensor.Element} and {constant.Element}");
        int last = tensor.Shape.IsEmpty ? 1 : tensor.Shape[^1];
        bool fits = constant.Shape.Length <= tensor.Shape.Length + 1 && (constant.Values.Length == 1 || (constant.Values.Length == last && constant.Shape[^1] == last && !tensor.Shape.IsEmpty));
        if (!fits) throw new UnrecognisedException($"an operator in it spreads [{string.Join(", ", constant.Shape)}] over [{string.Join(", ", tensor.Shape)}]");
        TreePrecision precision = tensor.Element == TensorElement.Float ? TreePrecision.Single : TreePrecision.Double;
        return Each(tensor, tensor.Element, (column, i) => column.Then(Step(operation, constant.Values[constant.Values.Length == 1 ? 0 : i % last], precision)));
    }

    /// <summary>ONNX-ML's Scaler: (x − offset) · scale in 32 bits, or in 64 where it is given doubles; gives 32 bits.</summary>
    public static ColumnTensor Scale(ColumnTensor tensor, double[] offsets, double[] scales)
    {
        Same("Scaler", tensor, offsets);
        Same("Scaler", tensor, scales);
        TreePrecision precision = tensor.Element == TensorElement.Double ? TreePrecision.Double : TreePrecision.Single;
        return Each(tensor, TensorElement.Float, (column, i) =>
        {
            if (tensor.Element is not (TensorElement.Float or TensorElement.Double)) column = column.Then(new CastStep(TreePrecision.Single));
            column = column.Then(Step(ElementOperation.Subtract, At(offsets, i), precision)).Then(Step(ElementOperation.Multiply, At(scales, i), precision));
            return precision == TreePrecision.Double ? column.Then(new CastStep(TreePrecision.Single)) : column;
        });
    }

    /// <summary>ONNX-ML's Imputer of 32-bit numbers.</summary>
    public static ColumnTensor Impute(ColumnTensor tensor, double[] imputed, float replaced)
    {
        if (tensor.Element != TensorElement.Float) throw new UnrecognisedException($"its Imputer takes {tensor.Element}");
        Same("Imputer", tensor, imputed);
        return Each(tensor, tensor.Element, (column, i) => double.IsFinite(At(imputed, i)) ? column.Then(new ReplaceStep(replaced, At(imputed, i))) : throw new UnrecognisedException("its Imputer puts in what is no finite number"));
    }

    /// <summary>A number in the place of NaN, in 64 bits.</summary>
    public static ColumnTensor ReplaceNaN(ColumnTensor tensor, double put) => tensor.Element == TensorElement.Double && tensor.Shape.Length == 1 && double.IsFinite(put)
        ? Each(tensor, tensor.Element, (column, _) => column.Then(new ReplaceStep(double.NaN, put)))
        : throw new UnrecognisedException("it puts something in the place of NaN in what is no matrix of doubles");

    /// <summary>Cuts 64-bit numbers to whole ones, toward 0.</summary>
    public static ColumnTensor Truncate(ColumnTensor tensor) =>
        tensor.Element == TensorElement.Double ? Each(tensor, tensor.Element, (column, _) => column.Then(new TruncateStep())) : throw new UnrecognisedException($"it cuts {tensor.Element} to whole numbers");

    /// <summary>The step of an operation; refused where it would not be monotone over all numbers.</summary>
    public static ArithmeticStep Step(ElementOperation operation, double constant, TreePrecision precision)
    {
        bool factor = operation is ElementOperation.Multiply or ElementOperation.Divide;
        return double.IsFinite(constant) && (constant != 0 || !factor) ? new(operation, constant, precision) : throw new UnrecognisedException(FormattableString.Invariant($"it scales or shifts a column by {constant}"));
    }

    private static void Same(string name, ColumnTensor tensor, double[] values)
    {
        if (tensor.Element == TensorElement.Text || tensor.Shape.Length != 1) throw new UnrecognisedException($"its {name} takes no matrix of numbers");
        if (values.Length != 1 && values.Length != tensor.Columns.Length) throw new UnrecognisedException(FormattableString.Invariant($"its {name} has {values.Length} numbers for {tensor.Columns.Length} columns"));
    }

    private static double At(double[] values, int i) => values[values.Length == 1 ? 0 : i];

    private static ColumnTensor Each(ColumnTensor tensor, TensorElement element, Func<SymbolicColumn, int, SymbolicColumn> change) => new(element, tensor.Shape, [.. tensor.Columns.Select(change)]);
}
