using System.Runtime.InteropServices;

namespace MlSql.Training.Kernels;

/// <summary>Doubles as bytes, to the bit, little-endian like every machine that .NET runs on.</summary>
internal static class DoubleBytes
{
    public static void Write(BinaryWriter into, ReadOnlySpan<double> values) => into.Write(MemoryMarshal.AsBytes(values));

    public static void Read(BinaryReader from, Span<double> values) => from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values));

    public static byte[] Pack(params ReadOnlySpan<double> values) => MemoryMarshal.AsBytes(values).ToArray();

    public static ReadOnlySpan<double> Unpack(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, double>(bytes);
}
