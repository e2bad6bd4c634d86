using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>Fills a tensor of texts from texts and enums; NULL becomes the empty text.</summary>
internal sealed class TextFiller : InputFiller
{
    public override bool Accepts(DataType type) => type is NullType or StringType or EnumType;

    protected override void Write(InputTensor tensor, ColumnView column, int start, int count, int to, int stride, RowMask mask, int row, int rowStep)
    {
        switch (column.Type)
        {
            case NullType:
                for (int i = 0; i < count; i++) tensor.SetText(to + i * stride, []);
                break;
            case EnumType e:
                byte[][] levels = [.. e.Values.Select(Encoding.UTF8.GetBytes)];
                for (int i = 0; i < count; i++) tensor.SetText(to + i * stride, column.IsValid(start + i) ? levels[EnumReader.Index(column, e, start + i)] : []);
                break;
            default:
                for (int i = 0; i < count; i++) tensor.SetText(to + i * stride, column.IsValid(start + i) ? column.Text(start + i) : []);
                break;
        }
    }

    protected override void WriteNulls(InputTensor tensor, int to, int count, RowMask mask, int row)
    {
        for (int i = 0; i < count; i++) tensor.SetText(to + i, []);
    }
}
