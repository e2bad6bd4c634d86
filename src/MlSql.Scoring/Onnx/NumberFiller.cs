using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>Rounds a double to what a tensor holds.</summary>
internal interface IRounding<T>
{
    static abstract T Of(double value);
}

internal readonly struct ToSingle : IRounding<float>
{
    public static float Of(double value) => (float)value;
}

internal readonly struct ToDouble : IRounding<double>
{
    public static double Of(double value) => value;
}

internal readonly struct ToHalf : IRounding<Half>
{
    public static Half Of(double value) => (Half)value;
}

internal readonly struct ToBFloat16 : IRounding<ushort>
{
    // To nearest, ties to even; a NaN stays one.
    public static ushort Of(double value)
    {
        uint bits = BitConverter.SingleToUInt32Bits((float)value);
        return double.IsNaN(value) ? (ushort)0x7FC0 : (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }
}

/// <summary>Fills a tensor of floating-point numbers from numbers and booleans, rounded to nearest; NULL becomes NaN.</summary>
internal sealed class NumberFiller<T, TRounding> : InputFiller where T : unmanaged where TRounding : IRounding<T>
{
    private const int BlockRows = 256;

    public override bool Accepts(DataType type) => type is NullType || NumberReader.CanRead(type);

    public override bool TryBorrow(InputTensor tensor, ColumnView column, int start, int count)
    {
        if (!SameInMemory(column.Type) || !column.AllValid) return false;
        tensor.Borrow(column.Values<T>().Slice(start, count));
        return true;
    }

    protected override void Write(InputTensor tensor, ColumnView column, int start, int count, int to, int stride, RowMask mask, int row, int rowStep)
    {
        ref T first = ref tensor.Values<T>()[to];
        if (column.Type is NullType)
        {
            for (int i = 0; i < count; i++) Unsafe.Add(ref first, i * stride) = TRounding.Of(double.NaN);
        }
        else if (SameInMemory(column.Type))
        {
            var values = column.Values<T>().Slice(start, count);
            if (stride == 1) values.CopyTo(MemoryMarshal.CreateSpan(ref first, count));
            else
                for (int i = 0; i < values.Length; i++) Unsafe.Add(ref first, i * stride) = values[i];
            if (column.AllValid) return;
            for (int i = 0; i < count; i++)
                if (!column.IsValid(start + i)) Unsafe.Add(ref first, i * stride) = TRounding.Of(double.NaN);
        }
        else
        {
            Span<double> block = stackalloc double[BlockRows];
            for (int done = 0; done < count; done += BlockRows)
            {
                var values = block[..Math.Min(BlockRows, count - done)];
                NumberReader.Read(column, start + done, values);
                for (int i = 0; i < values.Length; i++) Unsafe.Add(ref first, (done + i) * stride) = TRounding.Of(values[i]);
            }
        }
    }

    protected override bool TryWriteFour(InputTensor tensor, ReadOnlySpan<ColumnView> columns, int start, int count, int to, int stride)
    {
        foreach (var column in columns)
            if (!SameInMemory(column.Type) || !column.AllValid) return false;
        ref T first = ref tensor.Values<T>()[to];
        var a = columns[0].Values<T>().Slice(start, count);
        var b = columns[1].Values<T>().Slice(start, count);
        var c = columns[2].Values<T>().Slice(start, count);
        var d = columns[3].Values<T>().Slice(start, count);
        for (int i = 0; i < a.Length && i < b.Length && i < c.Length && i < d.Length; i++)
        {
            ref T row = ref Unsafe.Add(ref first, i * stride);
            row = a[i];
            Unsafe.Add(ref row, 1) = b[i];
            Unsafe.Add(ref row, 2) = c[i];
            Unsafe.Add(ref row, 3) = d[i];
        }
        return true;
    }

    protected override void WriteNulls(InputTensor tensor, int to, int count, RowMask mask, int row) => tensor.Values<T>().Slice(to, count).Fill(TRounding.Of(double.NaN));

    private static bool SameInMemory(DataType type) => type is FloatType f && (f.Bits == 32 ? typeof(T) == typeof(float) : typeof(T) == typeof(double));
}
