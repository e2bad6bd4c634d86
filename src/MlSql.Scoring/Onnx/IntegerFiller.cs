using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>Fills a tensor of integers from columns whose every value fits; a NULL row is fed 0 and has no results.</summary>
internal sealed class IntegerFiller<T> : InputFiller where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private static readonly int _digits = Digits();

    public override bool Accepts(DataType type) => type switch
    {
        NullType or BooleanType => true,
        IntegerType i => i.Bits <= 64 && (i.Signed ? IsSigned && i.Bits <= Bits : IsSigned ? i.Bits < Bits : i.Bits <= Bits),
        DecimalType d => d.Scale == 0 && IsSigned && d.Precision <= _digits,
        _ => false,
    };

    public override bool TryBorrow(InputTensor tensor, ColumnView column, int start, int count)
    {
        if (column.Type is not IntegerType i || i.Bits != Bits || i.Signed != IsSigned || !column.AllValid) return false;
        tensor.Borrow(column.Values<T>().Slice(start, count));
        return true;
    }

    protected override void Write(InputTensor tensor, ColumnView column, int start, int count, int to, int stride, RowMask mask, int row, int rowStep)
    {
        ref T first = ref tensor.Values<T>()[to];
        switch (column.Type)
        {
            case NullType: for (int i = 0; i < count; i++) Unsafe.Add(ref first, i * stride) = T.Zero; break;
            case BooleanType or IntegerType { Bits: 8, Signed: false }: Copy<byte>(column, start, count, ref first, stride); break;
            case IntegerType { Bits: 8 }: Copy<sbyte>(column, start, count, ref first, stride); break;
            case IntegerType { Bits: 16, Signed: false }: Copy<ushort>(column, start, count, ref first, stride); break;
            case IntegerType { Bits: 16 } or DecimalType { Precision: <= 4 }: Copy<short>(column, start, count, ref first, stride); break;
            case IntegerType { Bits: 32, Signed: false }: Copy<uint>(column, start, count, ref first, stride); break;
            case IntegerType { Bits: 32 } or DecimalType { Precision: <= 9 }: Copy<int>(column, start, count, ref first, stride); break;
            case IntegerType { Bits: 64, Signed: false }: Copy<ulong>(column, start, count, ref first, stride); break;
            case IntegerType { Bits: 64 } or DecimalType { Precision: <= 18 }: Copy<long>(column, start, count, ref first, stride); break;
            default: throw new UnreachableException(column.Type.ToString());
        }
        if (column.AllValid && column.Type is not NullType) return;
        for (int i = 0; i < count; i++)
        {
            if (column.Type is not NullType && column.IsValid(start + i)) continue;
            Unsafe.Add(ref first, i * stride) = T.Zero;
            mask.Mark(row + i * rowStep);
        }
    }

    protected override void WriteNulls(InputTensor tensor, int to, int count, RowMask mask, int row)
    {
        tensor.Values<T>().Slice(to, count).Clear();
        mask.Mark(row);
    }

    private static bool IsSigned => T.MinValue < T.Zero;

    private static int Bits => Unsafe.SizeOf<T>() * 8;

    // Slots of NULL rows hold anything, so nothing may be checked here.
    private static void Copy<TColumn>(ColumnView column, int start, int count, ref T first, int stride) where TColumn : unmanaged, INumberBase<TColumn>
    {
        var values = column.Values<TColumn>().Slice(start, count);
        for (int i = 0; i < values.Length; i++) Unsafe.Add(ref first, i * stride) = T.CreateTruncating(values[i]);
    }

    private static int Digits()
    {
        int digits = 0;
        for (T rest = T.MaxValue; rest > T.CreateTruncating(9); rest /= T.CreateTruncating(10)) digits++;
        return digits;
    }
}

/// <summary>Fills a tensor of booleans; a NULL row is fed false and has no results.</summary>
internal sealed class BooleanFiller : InputFiller
{
    public override bool Accepts(DataType type) => type is NullType or BooleanType;

    protected override void Write(InputTensor tensor, ColumnView column, int start, int count, int to, int stride, RowMask mask, int row, int rowStep)
    {
        var into = tensor.Values<byte>();
        var values = column.Type is NullType ? default : column.Values<byte>().Slice(start, count);
        for (int i = 0; i < count; i++)
        {
            bool valid = column.Type is not NullType && column.IsValid(start + i);
            into[to + i * stride] = valid && values[i] != 0 ? (byte)1 : (byte)0;
            if (!valid) mask.Mark(row + i * rowStep);
        }
    }

    protected override void WriteNulls(InputTensor tensor, int to, int count, RowMask mask, int row)
    {
        tensor.Values<byte>().Slice(to, count).Clear();
        mask.Mark(row);
    }
}
