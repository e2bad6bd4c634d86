using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>Elements of one kind that a graph computed, row-major. Read in place where the runtime left them; valid until the <see cref="GraphBatch"/> is disposed.</summary>
public sealed class TensorValues
{
    private readonly ValueHandle? _native;
    private readonly byte[] _bytes;
    private readonly int[] _starts;

    internal TensorValues(TensorElement element, int rows, int width, byte[] bytes)
    {
        (Element, Rows, Width, _bytes, _starts) = (element, rows, width, bytes, []);
    }

    internal TensorValues(TensorElement element, int rows, int width, ValueHandle native) : this(element, rows, width, bytes: [])
    {
        _native = native;
    }

    internal TensorValues(int rows, int width, byte[] texts, int[] starts) : this(TensorElement.Text, rows, width, texts)
    {
        _starts = starts;
    }

    /// <summary>The kind of element; numbers of half precision are given as <see cref="TensorElement.Float"/>.</summary>
    public TensorElement Element { get; }

    /// <summary>Rows; 1 for a value of the whole batch.</summary>
    public int Rows { get; }

    /// <summary>Elements a row.</summary>
    public int Width { get; }

    /// <summary>All elements of fixed width: Rows · Width of them, a row's side by side. Booleans are bytes 0 and 1. <typeparamref name="T"/> must have the element's size.</summary>
    public ReadOnlySpan<T> Values<T>() where T : unmanaged
    {
        int size = Element == TensorElement.Text ? 0 : TensorElements.Bytes(Element);
        if (Unsafe.SizeOf<T>() != size) throw new ArgumentException($"{typeof(T).Name} is not what {Element} elements are.");
        int length = checked(Rows * Width * size);
        return MemoryMarshal.Cast<byte, T>(_native is null ? _bytes.AsSpan(0, length) : _native.Bytes(length));
    }

    /// <summary>The UTF-8 bytes of one text; <paramref name="index"/> = row · Width + place in the row.</summary>
    public ReadOnlySpan<byte> Text(int index) => _bytes.AsSpan(_starts[index].._starts[index + 1]);

    /// <summary>One element as a double.</summary>
    internal double Number(int index) => Element switch
    {
        TensorElement.Float => Values<float>()[index],
        TensorElement.Double => Values<double>()[index],
        TensorElement.Int8 => Values<sbyte>()[index],
        TensorElement.UInt8 or TensorElement.Boolean => Values<byte>()[index],
        TensorElement.Int16 => Values<short>()[index],
        TensorElement.UInt16 => Values<ushort>()[index],
        TensorElement.Int32 => Values<int>()[index],
        TensorElement.UInt32 => Values<uint>()[index],
        TensorElement.Int64 => Values<long>()[index],
        TensorElement.UInt64 => Values<ulong>()[index],
        _ => throw new UnreachableException(Element.ToString()),
    };

    internal void Free() => _native?.Dispose();
}
