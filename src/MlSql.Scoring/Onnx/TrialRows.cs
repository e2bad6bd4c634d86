using System.Collections.Immutable;
using System.Numerics;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>Rows made for a trial: all zeros and empty texts, or, where they are to differ, small values that grow with the row.</summary>
internal sealed class TrialRows(ImmutableArray<GraphInput> inputs, bool different, int first = 0) : IRowSource
{
    private static readonly byte[][] _texts = [[], [(byte)'a'], [(byte)'b']];

    public bool TryBorrow(int input, InputTensor tensor, int start, int count) => false;

    public void Fill(int input, InputTensor tensor, int at, int start, int count, RowMask mask)
    {
        int width = inputs[input].Width;
        for (int i = 0; i < count; i++)
        {
            int row = different ? (first + start + i) % _texts.Length : 0, to = (at + i) * width;
            switch (inputs[input].Element)
            {
                case TensorElement.Float: Reals<float>(tensor, to, width, row); break;
                case TensorElement.Double: Reals<double>(tensor, to, width, row); break;
                case TensorElement.Half: Reals<Half>(tensor, to, width, row); break;
                // 0, 1, 2: the upper halves of these floats.
                case TensorElement.BFloat16: tensor.Values<ushort>().Slice(to, width).Fill(row switch { 0 => 0, 1 => 0x3F80, _ => 0x4000 }); break;
                case TensorElement.Boolean: tensor.Values<byte>().Slice(to, width).Fill((byte)(row & 1)); break;
                case TensorElement.Text: for (int j = 0; j < width; j++) tensor.SetText(to + j, _texts[row]); break;
                default: Integers(inputs[input].Element, tensor, to, width, row); break;
            }
        }
    }

    // Different in each column too: a graph may look only at how columns differ.
    private static void Reals<T>(InputTensor tensor, int to, int width, int row) where T : unmanaged, INumber<T>
    {
        var values = tensor.Values<T>().Slice(to, width);
        for (int j = 0; j < values.Length; j++) values[j] = T.CreateTruncating(row * 0.5 * (j % 5 + 1));
    }

    // Often places in a table, so they stay small.
    private static void Integers(TensorElement element, InputTensor tensor, int to, int width, int row)
    {
        switch (TensorElements.Bytes(element))
        {
            case 1: tensor.Values<byte>().Slice(to, width).Fill((byte)row); break;
            case 2: tensor.Values<ushort>().Slice(to, width).Fill((ushort)row); break;
            case 4: tensor.Values<uint>().Slice(to, width).Fill((uint)row); break;
            default: tensor.Values<ulong>().Slice(to, width).Fill((ulong)row); break;
        }
    }
}
