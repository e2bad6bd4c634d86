using System.Runtime.InteropServices;
using MlSql.Models.Onnx;

namespace MlSql.Scoring.Onnx.Interop;

/// <summary>Reads tensors that the library made. The values stay their owner's.</summary>
internal static unsafe class TensorReader
{
    private const int TensorKind = 1;

    public static bool IsTensor(OrtApi api, nint value) => api.KindOf(value) == TensorKind;

    /// <summary>Appends a tensor's first elements to a column's bytes; numbers of half precision are widened.</summary>
    public static void CopyNumbers(OrtApi api, nint value, TensorElement element, int count, Span<byte> into)
    {
        void* data = count == 0 ? null : api.Data(value);
        switch (element)
        {
            case TensorElement.Half:
                var halves = new ReadOnlySpan<Half>(data, count);
                var floats = MemoryMarshal.Cast<byte, float>(into);
                for (int i = 0; i < halves.Length; i++) floats[i] = (float)halves[i];
                break;
            case TensorElement.BFloat16:
                var uppers = new ReadOnlySpan<ushort>(data, count);
                var bits = MemoryMarshal.Cast<byte, uint>(into);
                for (int i = 0; i < uppers.Length; i++) bits[i] = (uint)uppers[i] << 16;
                break;
            default:
                new ReadOnlySpan<byte>(data, count * TensorElements.Bytes(element)).CopyTo(into);
                break;
        }
    }
}
