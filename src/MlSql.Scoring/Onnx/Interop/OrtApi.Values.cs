namespace MlSql.Scoring.Onnx.Interop;

internal sealed unsafe partial class OrtApi
{
    // Types

    /// <summary>1 tensor, 2 sequence, 3 map, others unknown to us.</summary>
    public int KindOfType(nint type) => Integer(56, type);

    /// <summary>Borrowed from the type; null when it is no tensor.</summary>
    public nint TensorInfo(nint type) => Handle(55, type);

    /// <summary>Borrowed from the type.</summary>
    public nint MapInfo(nint type) => Handle(103, type);

    /// <summary>Borrowed from the type.</summary>
    public nint SequenceInfo(nint type) => Handle(104, type);

    public int ElementOfTensor(nint tensorInfo) => Integer(60, tensorInfo);

    public int KeyOfMap(nint mapInfo) => Integer(105, mapInfo);

    /// <summary>A new type; release it.</summary>
    public nint ValueOfMap(nint mapInfo) => Handle(106, mapInfo);

    /// <summary>A new type; release it.</summary>
    public nint ElementOfSequence(nint sequenceInfo) => Handle(107, sequenceInfo);

    public bool HasShape(nint tensorInfo) => ((delegate* unmanaged[Cdecl]<nint, byte>)_slots[390])(tensorInfo) != 0;

    public long[] Dimensions(nint tensorInfo)
    {
        var sizes = new long[Count(61, tensorInfo)];
        fixed (long* s = sizes) Check(((delegate* unmanaged[Cdecl]<nint, long*, nuint, nint>)_slots[62])(tensorInfo, s, (nuint)sizes.Length));
        return sizes;
    }

    public void ReleaseType(nint type) => ((delegate* unmanaged[Cdecl]<nint, void>)_slots[98])(type);

    // Values

    /// <summary>A tensor over memory of ours, which must stay in place until the value is released.</summary>
    public nint CreateTensor(void* data, nuint bytes, ReadOnlySpan<long> shape, int element)
    {
        nint value;
        fixed (long* s = shape) Check(((delegate* unmanaged[Cdecl]<nint, void*, nuint, long*, nuint, int, nint*, nint>)_slots[49])(CpuMemory, data, bytes, s, (nuint)shape.Length, element, &value));
        return value;
    }

    /// <summary>A tensor whose memory the library owns; a tensor of texts can only be made so.</summary>
    public nint CreateTensor(ReadOnlySpan<long> shape, int element)
    {
        nint value;
        fixed (long* s = shape) Check(((delegate* unmanaged[Cdecl]<nint, long*, nuint, int, nint*, nint>)_slots[48])(DefaultAllocator(), s, (nuint)shape.Length, element, &value));
        return value;
    }

    /// <summary>Makes room for one text of a tensor and gives its memory.</summary>
    public byte* TextBuffer(nint value, int index, int bytes)
    {
        byte* buffer;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, nuint, byte**, nint>)_slots[252])(value, (nuint)index, (nuint)bytes, &buffer));
        return buffer;
    }

    public int KindOf(nint value) => Integer(67, value);

    /// <summary>Element and shape, the latter borrowed from the value.</summary>
    public int Describe(nint value, out ReadOnlySpan<long> shape)
    {
        int element;
        long* sizes;
        nuint count;
        Check(((delegate* unmanaged[Cdecl]<nint, int*, long**, nuint*, nint>)_slots[414])(value, &element, &sizes, &count));
        shape = new ReadOnlySpan<long>(sizes, (int)count);
        return element;
    }

    public void* Data(nint value)
    {
        void* data;
        Check(((delegate* unmanaged[Cdecl]<nint, void**, nint>)_slots[51])(value, &data));
        return data;
    }

    public int TextBytes(nint value) => Count(53, value);

    public void CopyTexts(nint value, Span<byte> bytes, Span<nuint> starts)
    {
        fixed (byte* b = bytes)
        fixed (nuint* s = starts)
        {
            byte none;
            Check(((delegate* unmanaged[Cdecl]<nint, void*, nuint, nuint*, nuint, nint>)_slots[54])(value, b == null ? &none : b, (nuint)bytes.Length, s, (nuint)starts.Length));
        }
    }

    public int ElementCount(nint value) => Count(81, value);

    /// <summary>One element of a sequence, or the keys (0) and values (1) of a map; release it.</summary>
    public nint ElementOf(nint value, int index)
    {
        nint element;
        Check(((delegate* unmanaged[Cdecl]<nint, int, nint, nint*, nint>)_slots[80])(value, index, DefaultAllocator(), &element));
        return element;
    }

    public void ReleaseValue(nint value) => ((delegate* unmanaged[Cdecl]<nint, void>)_slots[96])(value);
}
