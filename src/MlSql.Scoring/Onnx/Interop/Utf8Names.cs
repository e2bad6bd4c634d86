using System.Runtime.InteropServices;
using System.Text;

namespace MlSql.Scoring.Onnx.Interop;

/// <summary>Names of inputs or outputs as the library takes them: an array of pointers to zero-terminated UTF-8 texts. It never moves.</summary>
internal sealed unsafe class Utf8Names
{
    private readonly byte[] _texts;
    private readonly nint[] _pointers;

    public Utf8Names(IReadOnlyList<string> names)
    {
        _texts = GC.AllocateArray<byte>(names.Sum(Encoding.UTF8.GetByteCount) + names.Count, pinned: true);
        _pointers = GC.AllocateArray<nint>(names.Count, pinned: true);
        int start = 0;
        for (int i = 0; i < names.Count; i++)
        {
            _pointers[i] = Marshal.UnsafeAddrOfPinnedArrayElement(_texts, start);
            start += Encoding.UTF8.GetBytes(names[i], _texts.AsSpan(start)) + 1;
        }
    }

    /// <summary>The array; valid while this object lives.</summary>
    public byte** Pointers => (byte**)Marshal.UnsafeAddrOfPinnedArrayElement(_pointers, 0);
}
