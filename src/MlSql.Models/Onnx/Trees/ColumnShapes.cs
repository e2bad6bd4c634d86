using System.Collections.Immutable;

namespace MlSql.Models.Onnx.Trees;

/// <summary>Operators that pick, join and rearrange columns; rows always stay the first dimension.</summary>
internal static class ColumnShapes
{
    /// <summary>Columns of a tensor, and of all tensors together.</summary>
    public const int MostColumns = 500_000;

    public static ColumnTensor Concat(ImmutableArray<ColumnTensor> tensors, long axis)
    {
        ColumnTensor first = tensors.FirstOrDefault() ?? throw new UnrecognisedException("it joins nothing");
        int rank = first.Shape.Length + 1, place = Axis(axis, rank) - 1;
        // Row-major columns can be put behind each other along the first dimension after the rows, or along the last of those that are really one.
        if (place < 0 || (place > 0 && (place != rank - 2 || first.Shape[..place].Any(size => size != 1)))) throw new UnrecognisedException($"it joins tensors along axis {axis}");
        int sum = 0, columns = 0;
        foreach (ColumnTensor tensor in tensors)
        {
            if (tensor.Element != first.Element || tensor.Shape.Length != first.Shape.Length || !tensor.Shape.SetItem(place, 0).SequenceEqual(first.Shape.SetItem(place, 0))) throw new UnrecognisedException("it joins tensors that do not fit");
            sum += tensor.Shape[place];
            if ((columns += tensor.Columns.Length) > MostColumns) throw new UnrecognisedException("it joins too many columns");
        }
        return new(first.Element, first.Shape.SetItem(place, sum), [.. tensors.SelectMany(t => t.Columns)]);
    }

    public static ColumnTensor Gather(ColumnTensor tensor, ConstantTensor indexes, long axis)
    {
        if (tensor.Shape.Length != 1 || Axis(axis, 2) != 1 || indexes.Shape.Length > 1) throw new UnrecognisedException($"its Gather does not pick columns of a matrix");
        return Pick(tensor, indexes) with { Shape = indexes.Shape.IsEmpty ? [] : [indexes.Values.Length] };
    }

    /// <summary>ONNX-ML's ArrayFeatureExtractor.</summary>
    public static ColumnTensor Extract(ColumnTensor tensor, ConstantTensor indexes) =>
        tensor.Shape.Length == 1 ? Pick(tensor, indexes) : throw new UnrecognisedException("its ArrayFeatureExtractor does not pick columns of a matrix");

    public static ColumnTensor Reshape(ColumnTensor tensor, ConstantTensor shape)
    {
        long[] sizes = shape.Wholes("the shape of a Reshape");
        if (sizes.Length == 0 || sizes[0] is not (-1 or 0)) throw new UnrecognisedException("its Reshape changes the rows");
        long product = 1;
        foreach (long size in sizes.AsSpan(1)) product = size is > 0 and <= int.MaxValue && product <= int.MaxValue ? product * size : size == -1 && sizes[0] == 0 && sizes.Length == 2 ? tensor.Columns.Length : 0;
        if (product != tensor.Columns.Length) throw new UnrecognisedException($"its Reshape to [{string.Join(", ", sizes)}] changes the rows");
        return tensor with { Shape = sizes.Length == 2 ? [tensor.Columns.Length] : [.. sizes.Skip(1).Select(size => (int)size)] };
    }

    public static ColumnTensor Flatten(ColumnTensor tensor, long axis) => axis == 1 ? tensor with { Shape = [tensor.Columns.Length] } : throw new UnrecognisedException($"it flattens from axis {axis}");

    public static ColumnTensor Squeeze(ColumnTensor tensor, long[] axes)
    {
        var shape = tensor.Shape;
        foreach (int place in axes.Select(axis => Axis(axis, tensor.Shape.Length + 1) - 1).Distinct().OrderDescending())
            shape = place >= 0 && shape[place] == 1 ? shape.RemoveAt(place) : throw new UnrecognisedException("its Squeeze takes a dimension away that is not 1");
        return tensor with { Shape = shape };
    }

    public static ColumnTensor Unsqueeze(ColumnTensor tensor, long[] axes)
    {
        var shape = tensor.Shape;
        foreach (int place in axes.Select(axis => Axis(axis, tensor.Shape.Length + 1 + axes.Length) - 1).Order())
            shape = place >= 0 && place <= shape.Length ? shape.Insert(place, 1) : throw new UnrecognisedException("its Unsqueeze moves the rows");
        return tensor with { Shape = shape };
    }

    private static int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw new UnrecognisedException($"an operator in it names axis {axis} of {rank}");

    private static ColumnTensor Pick(ColumnTensor tensor, ConstantTensor indexes)
    {
        int count = tensor.Columns.Length;
        if (indexes.Values.Length > MostColumns) throw new UnrecognisedException("it picks too many columns");
        var picked = ImmutableArray.CreateBuilder<SymbolicColumn>(indexes.Values.Length);
        foreach (long index in indexes.Wholes("the columns that it picks"))
            picked.Add(index >= -count && index < count ? tensor.Columns[(int)(index < 0 ? index + count : index)] : throw new UnrecognisedException($"it picks column {index} of {count}"));
        return new(tensor.Element, [indexes.Values.Length], picked.MoveToImmutable());
    }
}
