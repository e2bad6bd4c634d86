using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>Fills one tensor from the columns of its features: a column an element, or one column of lists.</summary>
internal abstract class InputFiller
{
    // What is written column by column must stay in the first cache: rows of 64 floats, 256 bytes apart, meet in a quarter of its sets, which hold 192 of them.
    private const int TileRows = 128;

    public static InputFiller Create(TensorElement element) => element switch
    {
        TensorElement.Float => new NumberFiller<float, ToSingle>(),
        TensorElement.Double => new NumberFiller<double, ToDouble>(),
        TensorElement.Half => new NumberFiller<Half, ToHalf>(),
        TensorElement.BFloat16 => new NumberFiller<ushort, ToBFloat16>(),
        TensorElement.Int8 => new IntegerFiller<sbyte>(),
        TensorElement.UInt8 => new IntegerFiller<byte>(),
        TensorElement.Int16 => new IntegerFiller<short>(),
        TensorElement.UInt16 => new IntegerFiller<ushort>(),
        TensorElement.Int32 => new IntegerFiller<int>(),
        TensorElement.UInt32 => new IntegerFiller<uint>(),
        TensorElement.Int64 => new IntegerFiller<long>(),
        TensorElement.UInt64 => new IntegerFiller<ulong>(),
        TensorElement.Boolean => new BooleanFiller(),
        TensorElement.Text => new TextFiller(),
        _ => throw RuntimeErrors.Contradiction($"there is no tensor of {element}"),
    };

    /// <summary>True when every value of a column of this type has a place in the tensor. A bare NULL has.</summary>
    public abstract bool Accepts(DataType type);

    /// <summary>Lays the tensor over the column's own memory where that holds what the tensor would.</summary>
    public virtual bool TryBorrow(InputTensor tensor, ColumnView column, int start, int count) => false;

    /// <summary>Writes rows <paramref name="start"/> … of scalar columns to the tensor's rows from <paramref name="at"/> on.</summary>
    public void FillScalars(InputTensor tensor, ReadOnlySpan<ColumnView> columns, int at, int start, int count, RowMask mask)
    {
        for (int tile = 0; tile < count; tile += TileRows)
        {
            int rows = Math.Min(TileRows, count - tile);
            for (int j = 0; j < columns.Length; j++)
            {
                int to = (at + tile) * columns.Length + j;
                if (j + 4 <= columns.Length && TryWriteFour(tensor, columns.Slice(j, 4), start + tile, rows, to, columns.Length)) j += 3;
                else Write(tensor, columns[j], start + tile, rows, to, columns.Length, mask, start + tile, 1);
            }
        }
    }

    /// <summary>The same from a column of lists, each of <paramref name="width"/> values. Throws <see cref="CodedException"/> MLS4110.</summary>
    public void FillLists(InputTensor tensor, ColumnView lists, string feature, int width, int at, int start, int count, RowMask mask)
    {
        for (int i = 0; i < count; i++)
        {
            int row = start + i;
            if (!lists.IsValid(row))
            {
                WriteNulls(tensor, (at + i) * width, width, mask, row);
                continue;
            }
            var (first, length) = lists.List(row);
            if (length != width) throw RuntimeErrors.ListLength(feature, width, length, row);
            if (width > 0) Write(tensor, lists.Children[0], first, width, (at + i) * width, 1, mask, row, 0);
        }
    }

    /// <summary>Writes NULLs for a column without values.</summary>
    public void FillNulls(InputTensor tensor, int width, int at, int start, int count, RowMask mask)
    {
        for (int i = 0; i < count; i++) WriteNulls(tensor, (at + i) * width, width, mask, start + i);
    }

    /// <summary>
    /// Writes <paramref name="count"/> values from <paramref name="start"/> on to every <paramref name="stride"/>th element from <paramref name="to"/> on. Value i belongs to the batch's row
    /// <paramref name="row"/> + i · <paramref name="rowStep"/>.
    /// </summary>
    protected abstract void Write(InputTensor tensor, ColumnView column, int start, int count, int to, int stride, RowMask mask, int row, int rowStep);

    /// <summary>Writes four columns side by side; false where that takes more than copying.</summary>
    protected virtual bool TryWriteFour(InputTensor tensor, ReadOnlySpan<ColumnView> columns, int start, int count, int to, int stride) => false;

    protected abstract void WriteNulls(InputTensor tensor, int to, int count, RowMask mask, int row);
}
