using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MlSql.Models.Onnx;

namespace MlSql.Scoring.Onnx.Interop;

/// <summary>The tensor of one graph input: memory of our own, filled anew for each slice of rows, or memory borrowed from a column.</summary>
internal sealed unsafe class InputTensor : IDisposable
{
    private readonly OrtApi _api;
    private readonly GraphInput _input;
    private readonly long[] _shape;
    private readonly int _elementBytes;
    private void* _memory;
    private nuint _capacity;
    private bool _borrowed;

    public InputTensor(OrtApi api, GraphInput input)
    {
        _api = api;
        _input = input;
        _shape = [0, .. input.Shape.Select(size => (long)size)];
        _elementBytes = input.Element == TensorElement.Text ? 0 : TensorElements.Bytes(input.Element);
    }

    /// <summary>The OrtValue; stays this tensor's.</summary>
    public nint Value { get; private set; }

    /// <summary>Makes a tensor of so many rows with room to be filled.</summary>
    public void Prepare(int rows)
    {
        if (Value != 0 && !_borrowed && _shape[0] == rows) return;
        Release();
        _shape[0] = rows;
        if (_input.Element == TensorElement.Text)
        {
            Value = _api.CreateTensor(_shape, (int)_input.Element);
            return;
        }
        nuint bytes = (nuint)rows * (nuint)_input.Width * (nuint)_elementBytes;
        if (_memory == null || bytes > _capacity)
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
            _memory = NativeMemory.AlignedAlloc(Math.Max(bytes, 64), 64);
            _capacity = bytes;
        }
        Value = _api.CreateTensor(_memory, bytes, _shape, (int)_input.Element);
    }

    /// <summary>Lays the tensor over values that stay in place until the run is over.</summary>
    public void Borrow<T>(ReadOnlySpan<T> pinned) where T : unmanaged
    {
        Release();
        _shape[0] = pinned.Length;
        _borrowed = true;
        Value = _api.CreateTensor(Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinned)), (nuint)pinned.Length * (nuint)sizeof(T), _shape, (int)_input.Element);
    }

    /// <summary>The elements, row-major.</summary>
    public Span<T> Values<T>() where T : unmanaged => new(_memory, checked((int)_shape[0] * _input.Width));

    /// <summary>Writes one text, UTF-8.</summary>
    public void SetText(int index, ReadOnlySpan<byte> text) => text.CopyTo(new Span<byte>(_api.TextBuffer(Value, index, text.Length), text.Length));

    public void Dispose()
    {
        Release();
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }

    private void Release()
    {
        if (Value != 0) _api.ReleaseValue(Value);
        Value = 0;
        _borrowed = false;
    }
}
