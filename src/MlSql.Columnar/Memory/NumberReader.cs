using System.Diagnostics;
using System.Numerics;

namespace MlSql.Columnar.Memory;

/// <summary>Reads any number, boolean or decimal column as doubles.</summary>
public static class NumberReader
{
    /// <summary>True for a type that <see cref="Read"/> takes.</summary>
    public static bool CanRead(DataType type) => type is BooleanType or IntegerType or FloatType or DecimalType;

    /// <summary>
    /// Writes rows <paramref name="start"/> … of the column as doubles, rounded to nearest where 53 bits do not hold the value. Slots of NULL rows get NaN.
    /// </summary>
    public static void Read(ColumnView column, int start, Span<double> into)
    {
        switch (column.Type)
        {
            case FloatType { Bits: 64 }:
                column.Values<double>().Slice(start, into.Length).CopyTo(into);
                break;
            case FloatType:
                Convert(column.Values<float>(), start, into);
                break;
            case BooleanType:
                Convert(column.Values<byte>(), start, into);
                break;
            case IntegerType { Bits: 8, Signed: true }:
                Convert(column.Values<sbyte>(), start, into);
                break;
            case IntegerType { Bits: 8 }:
                Convert(column.Values<byte>(), start, into);
                break;
            case IntegerType { Bits: 16, Signed: true }:
                Convert(column.Values<short>(), start, into);
                break;
            case IntegerType { Bits: 16 }:
                Convert(column.Values<ushort>(), start, into);
                break;
            case IntegerType { Bits: 32, Signed: true }:
                Convert(column.Values<int>(), start, into);
                break;
            case IntegerType { Bits: 32 }:
                Convert(column.Values<uint>(), start, into);
                break;
            case IntegerType { Bits: 64, Signed: true }:
                Convert(column.Values<long>(), start, into);
                break;
            case IntegerType { Bits: 64 }:
                Convert(column.Values<ulong>(), start, into);
                break;
            case IntegerType { Signed: true }:
                Convert(column.Values<Int128>(), start, into);
                break;
            case IntegerType:
                Convert(column.Values<UInt128>(), start, into);
                break;
            case DecimalType d:
                if (d.Precision <= 4) Convert(column.Values<short>(), start, into);
                else if (d.Precision <= 9) Convert(column.Values<int>(), start, into);
                else if (d.Precision <= 18) Convert(column.Values<long>(), start, into);
                else Convert(column.Values<Int128>(), start, into);
                Unscale(into, d.Scale);
                break;
            default:
                throw new UnreachableException(column.Type.ToString());
        }
        if (!column.AllValid) BlankNulls(column.Validity, start, into);
    }

    private static void Convert<T>(ReadOnlySpan<T> values, int start, Span<double> into) where T : INumberBase<T>
    {
        values = values.Slice(start, into.Length);
        for (int i = 0; i < into.Length; i++) into[i] = double.CreateTruncating(values[i]);
    }

    // Division by an exact power of ten rounds once; powers above 10^22 are themselves rounded.
    private static void Unscale(Span<double> values, int scale)
    {
        if (scale == 0) return;
        double divisor = double.Parse("1e" + scale.ToString(System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
        for (int i = 0; i < values.Length; i++) values[i] /= divisor;
    }

    private static void BlankNulls(ReadOnlySpan<ulong> validity, int start, Span<double> values)
    {
        for (int i = 0; i < values.Length; i++)
            if ((validity[(start + i) >> 6] >> ((start + i) & 63) & 1) == 0) values[i] = double.NaN;
    }
}
