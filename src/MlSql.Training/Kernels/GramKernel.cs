using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Training.Kernels;

/// <summary>XᵀX of a tile of columns, by panels of 4 × 4 columns: 16 sums in registers, 8 loads for 16 multiply-adds.</summary>
internal static class GramKernel
{
    /// <summary>Columns are padded to a multiple of this with zeros.</summary>
    public const int PanelColumns = 4;

    /// <summary>
    /// Adds Σ over rows of x[i]·x[j] to sums[i·columns + j] for the panels on and above the diagonal.
    /// <paramref name="tile"/> is column-major with <paramref name="stride"/> rows a column, of which <paramref name="rows"/> (a multiple of 8) are summed.
    /// </summary>
    public static void Add(ReadOnlySpan<double> tile, int columns, int stride, int rows, Span<double> sums)
    {
        ref double first = ref MemoryMarshal.GetReference(tile);
        for (int i = 0; i < columns; i += PanelColumns)
            for (int j = i; j < columns; j += PanelColumns)
                Panel(ref Unsafe.Add(ref first, (nint)i * stride), ref Unsafe.Add(ref first, (nint)j * stride), stride, rows, sums[(i * columns + j)..], columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel(ref double left, ref double right, int stride, int rows, Span<double> sums, int pitch)
    {
        ref double left1 = ref Unsafe.Add(ref left, stride), left2 = ref Unsafe.Add(ref left, 2 * stride), left3 = ref Unsafe.Add(ref left, 3 * stride);
        ref double right1 = ref Unsafe.Add(ref right, stride), right2 = ref Unsafe.Add(ref right, 2 * stride), right3 = ref Unsafe.Add(ref right, 3 * stride);
        Vector512<double> s00 = Vector512<double>.Zero, s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        Vector512<double> s20 = s00, s21 = s00, s22 = s00, s23 = s00, s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        for (nuint row = 0; row < (nuint)rows; row += 8)
        {
            Vector512<double> b0 = Vector512.LoadUnsafe(ref right, row), b1 = Vector512.LoadUnsafe(ref right1, row), b2 = Vector512.LoadUnsafe(ref right2, row), b3 = Vector512.LoadUnsafe(ref right3, row);
            Vector512<double> a = Vector512.LoadUnsafe(ref left, row);
            s00 = Vector512.FusedMultiplyAdd(a, b0, s00);
            s01 = Vector512.FusedMultiplyAdd(a, b1, s01);
            s02 = Vector512.FusedMultiplyAdd(a, b2, s02);
            s03 = Vector512.FusedMultiplyAdd(a, b3, s03);
            a = Vector512.LoadUnsafe(ref left1, row);
            s10 = Vector512.FusedMultiplyAdd(a, b0, s10);
            s11 = Vector512.FusedMultiplyAdd(a, b1, s11);
            s12 = Vector512.FusedMultiplyAdd(a, b2, s12);
            s13 = Vector512.FusedMultiplyAdd(a, b3, s13);
            a = Vector512.LoadUnsafe(ref left2, row);
            s20 = Vector512.FusedMultiplyAdd(a, b0, s20);
            s21 = Vector512.FusedMultiplyAdd(a, b1, s21);
            s22 = Vector512.FusedMultiplyAdd(a, b2, s22);
            s23 = Vector512.FusedMultiplyAdd(a, b3, s23);
            a = Vector512.LoadUnsafe(ref left3, row);
            s30 = Vector512.FusedMultiplyAdd(a, b0, s30);
            s31 = Vector512.FusedMultiplyAdd(a, b1, s31);
            s32 = Vector512.FusedMultiplyAdd(a, b2, s32);
            s33 = Vector512.FusedMultiplyAdd(a, b3, s33);
        }
        AddRow(sums, s00, s01, s02, s03);
        AddRow(sums[pitch..], s10, s11, s12, s13);
        AddRow(sums[(2 * pitch)..], s20, s21, s22, s23);
        AddRow(sums[(3 * pitch)..], s30, s31, s32, s33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(Span<double> sums, Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d)
    {
        sums[0] += VectorMath.Fold(a);
        sums[1] += VectorMath.Fold(b);
        sums[2] += VectorMath.Fold(c);
        sums[3] += VectorMath.Fold(d);
    }
}
