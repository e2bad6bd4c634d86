using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlSql.Columnar.Memory;

/// <summary>Reads any number, boolean or decimal column as doubles.</summary>
public static class NumberReader
{
    // The nearest doubles; exact up to 10^22.
    private static readonly double[] _powersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31, 1e32, 1e33, 1e34, 1e35, 1e36, 1e37, 1e38,
    ];

    /// <summary>True for a type that <see cref="Read"/> takes.</summary>
    public static bool CanRead(DataType type) => type is BooleanType or IntegerType or FloatType or DecimalType;

    /// <summary>
    /// Writes rows <paramref name="start"/> … of the column as doubles, rounded to nearest where 53 bits do not hold the value (a decimal of more than 53 bits or 22 places: within one unit in the last place).
    /// Slots of NULL rows get NaN. The same bits on every CPU and however the rows are sliced.
    /// </summary>
    public static void Read(ColumnView column, int start, Span<double> into)
    {
        switch (column.Type)
        {
            case FloatType { Bits: 64 }:
                column.Values<double>().Slice(start, into.Length).CopyTo(into);
                break;
            case FloatType:
                Convert<float, SingleLanes>(column, start, into);
                break;
            case BooleanType:
                Convert<byte, ByteLanes>(column, start, into);
                break;
            case IntegerType i:
                ReadIntegers(column, i.Bits, i.Signed, start, into);
                break;
            case DecimalType d:
                ReadIntegers(column, d.Precision <= 4 ? 16 : d.Precision <= 9 ? 32 : d.Precision <= 18 ? 64 : 128, signed: true, start, into);
                if (d.Scale > 0) Divide(into, _powersOfTen[d.Scale]);
                break;
            default:
                throw new UnreachableException(column.Type.ToString());
        }
        if (!column.AllValid) BlankNulls(column.Validity, start, into);
    }

    private static void ReadIntegers(ColumnView column, int bits, bool signed, int start, Span<double> into)
    {
        switch (bits, signed)
        {
            case (8, true): Convert<sbyte, SByteLanes>(column, start, into); break;
            case (8, false): Convert<byte, ByteLanes>(column, start, into); break;
            case (16, true): Convert<short, Int16Lanes>(column, start, into); break;
            case (16, false): Convert<ushort, UInt16Lanes>(column, start, into); break;
            case (32, true): Convert<int, Int32Lanes>(column, start, into); break;
            case (32, false): Convert<uint, UInt32Lanes>(column, start, into); break;
            case (64, true): Convert<long, Int64Lanes>(column, start, into); break;
            case (64, false): Convert<ulong, UInt64Lanes>(column, start, into); break;
            case (_, true):
                var hugeInts = column.Values<Int128>().Slice(start, into.Length);
                for (int i = 0; i < into.Length; i++) into[i] = (double)hugeInts[i];
                break;
            default:
                var unsignedHugeInts = column.Values<UInt128>().Slice(start, into.Length);
                for (int i = 0; i < into.Length; i++) into[i] = (double)unsignedHugeInts[i];
                break;
        }
    }

    private static void Convert<T, TLanes>(ColumnView column, int start, Span<double> into) where T : unmanaged where TLanes : INumberLanes<T>
    {
        var values = column.Values<T>().Slice(start, into.Length);
        ref T from = ref MemoryMarshal.GetReference(values);
        ref double to = ref MemoryMarshal.GetReference(into);
        int row = 0;
        for (; row <= values.Length - 8; row += 8) TLanes.Load(ref from, (nuint)row).StoreUnsafe(ref to, (nuint)row);
        for (; row < values.Length; row++) into[row] = TLanes.One(values[row]);
    }

    private static void Divide(Span<double> values, double divisor)
    {
        ref double first = ref MemoryMarshal.GetReference(values);
        int row = 0;
        for (; row <= values.Length - 8; row += 8) (Vector512.LoadUnsafe(ref first, (nuint)row) / Vector512.Create(divisor)).StoreUnsafe(ref first, (nuint)row);
        for (; row < values.Length; row++) values[row] /= divisor;
    }

    private static void BlankNulls(ReadOnlySpan<ulong> validity, int start, Span<double> values)
    {
        ref double first = ref MemoryMarshal.GetReference(values);
        var bitOfLane = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);
        var nan = Vector512.Create(double.NaN);
        int row = 0;
        for (; row <= values.Length - 8; row += 8)
        {
            int word = (start + row) >> 6, bit = (start + row) & 63;
            ulong bits = validity[word] >> bit;
            if (bit > 56) bits |= validity[word + 1] << (64 - bit);
            if ((byte)bits == 0xFF) continue;
            var present = Vector512.Equals(Vector512.Create((long)bits) & bitOfLane, bitOfLane).AsDouble();
            Vector512.ConditionalSelect(present, Vector512.LoadUnsafe(ref first, (nuint)row), nan).StoreUnsafe(ref first, (nuint)row);
        }
        for (; row < values.Length; row++)
            if ((validity[(start + row) >> 6] >> ((start + row) & 63) & 1) == 0) values[row] = double.NaN;
    }
}
