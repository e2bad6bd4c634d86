using System.Runtime.Intrinsics.X86;

namespace MlSql.Scoring.Kernels;

/// <summary>The instructions that tree kernels run on; all give the same bits.</summary>
internal enum VectorPath
{
    /// <summary>Any CPU.</summary>
    Scalar,

    /// <summary>256-bit vectors.</summary>
    Avx2,

    /// <summary>512-bit vectors with AVX-512 BW and VBMI.</summary>
    Avx512,
}

/// <summary>Which paths this machine has.</summary>
internal static class VectorPaths
{
    /// <summary>The widest.</summary>
    public static VectorPath Widest => Supports(VectorPath.Avx512) ? VectorPath.Avx512 : Supports(VectorPath.Avx2) ? VectorPath.Avx2 : VectorPath.Scalar;

    public static bool Supports(VectorPath path) => path switch
    {
        VectorPath.Avx512 => Avx512BW.IsSupported && Avx512Vbmi.IsSupported && Avx2.IsSupported,
        VectorPath.Avx2 => Avx2.IsSupported,
        _ => true,
    };
}
