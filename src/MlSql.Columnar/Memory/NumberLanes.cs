using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlSql.Columnar.Memory;

/// <summary>Turns numbers of one width into doubles, eight at a time or one; both round alike.</summary>
internal interface INumberLanes<T>
{
    static abstract Vector512<double> Load(ref T values, nuint row);

    static abstract double One(T value);
}

internal readonly struct SingleLanes : INumberLanes<float>
{
    public static Vector512<double> Load(ref float values, nuint row)
    {
        var eight = Vector256.LoadUnsafe(ref values, row);
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Double(eight);
        var (lower, upper) = Vector256.Widen(eight);
        return Vector512.Create(lower, upper);
    }

    public static double One(float value) => value;
}

internal readonly struct SByteLanes : INumberLanes<sbyte>
{
    public static Vector512<double> Load(ref sbyte values, nuint row)
    {
        var (lower, upper) = Vector64.Widen(Vector64.LoadUnsafe(ref values, row));
        return Int16Lanes.Widen(Vector128.Create(lower, upper));
    }

    public static double One(sbyte value) => value;
}

internal readonly struct ByteLanes : INumberLanes<byte>
{
    public static Vector512<double> Load(ref byte values, nuint row)
    {
        var (lower, upper) = Vector64.Widen(Vector64.LoadUnsafe(ref values, row));
        return Int16Lanes.Widen(Vector128.Create(lower, upper).AsInt16());
    }

    public static double One(byte value) => value;
}

internal readonly struct Int16Lanes : INumberLanes<short>
{
    public static Vector512<double> Load(ref short values, nuint row) => Widen(Vector128.LoadUnsafe(ref values, row));

    public static Vector512<double> Widen(Vector128<short> values)
    {
        var (lower, upper) = Vector128.Widen(values);
        return Int32Lanes.Widen(Vector256.Create(lower, upper));
    }

    public static double One(short value) => value;
}

internal readonly struct UInt16Lanes : INumberLanes<ushort>
{
    public static Vector512<double> Load(ref ushort values, nuint row)
    {
        var (lower, upper) = Vector128.Widen(Vector128.LoadUnsafe(ref values, row));
        return Int32Lanes.Widen(Vector256.Create(lower, upper).AsInt32());
    }

    public static double One(ushort value) => value;
}

internal readonly struct Int32Lanes : INumberLanes<int>
{
    public static Vector512<double> Load(ref int values, nuint row) => Widen(Vector256.LoadUnsafe(ref values, row));

    public static Vector512<double> Widen(Vector256<int> values)
    {
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Double(values);
        var (lower, upper) = Vector256.Widen(values);
        return Vector512.ConvertToDouble(Vector512.Create(lower, upper));
    }

    public static double One(int value) => value;
}

internal readonly struct UInt32Lanes : INumberLanes<uint>
{
    public static Vector512<double> Load(ref uint values, nuint row)
    {
        var (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(ref values, row));
        return Vector512.ConvertToDouble(Vector512.Create(lower, upper).AsInt64());
    }

    public static double One(uint value) => value;
}

internal readonly struct Int64Lanes : INumberLanes<long>
{
    public static Vector512<double> Load(ref long values, nuint row) => Vector512.ConvertToDouble(Vector512.LoadUnsafe(ref values, row));

    public static double One(long value) => value;
}

internal readonly struct UInt64Lanes : INumberLanes<ulong>
{
    public static Vector512<double> Load(ref ulong values, nuint row) => Vector512.ConvertToDouble(Vector512.LoadUnsafe(ref values, row));

    public static double One(ulong value) => value;
}
