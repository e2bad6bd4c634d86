using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>Which ONNX Runtime is used, and what the processor offers it.</summary>
/// <param name="Version">The library's version, such as 1.30.0.</param>
/// <param name="Path">The library's file.</param>
/// <param name="Processor">The vector instructions that this machine has, in words.</param>
public sealed record OnnxRuntimeInfo(string Version, string Path, string Processor)
{
    /// <summary>Loads the library. Throws <see cref="Columnar.CodedException"/> MLS4101 or MLS4102.</summary>
    public static OnnxRuntimeInfo Read()
    {
        var library = LibraryLoader.EnsureLoaded();
        return new OnnxRuntimeInfo(library.Version, library.Path, ProcessorFeatures());
    }

    /// <summary>The vector instructions that this machine has, in words; known without the library.</summary>
    public static string ProcessorFeatures()
    {
        (bool Has, string Name)[] features =
        [
            (AdvSimd.IsSupported, "NEON"), (Dp.IsSupported, "dot product"),
            (Avx512Vbmi.IsSupported, "AVX-512 with VBMI"), (Avx512BW.IsSupported && !Avx512Vbmi.IsSupported, "AVX-512"), (Avx2.IsSupported, "AVX2"), (Fma.IsSupported, "FMA"), (AvxVnni.IsSupported, "VNNI"),
            (Sse42.IsSupported && !Avx2.IsSupported, "SSE4.2"),
        ];
        string[] present = [.. features.Where(f => f.Has).Select(f => f.Name)];
        return present.Length == 0 ? "no vector instructions" : string.Join(", ", present);
    }
}
