using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>Up to 255 cuts of a column, laid out for <see cref="RankKernel"/>: a value's rank is the number of cuts below it. Unused places hold +∞, which no value is above.</summary>
internal sealed unsafe class CutTable
{
    /// <summary>The most cuts of a table.</summary>
    public const int MaxCuts = 255;

    private const int Cuts = 256, Tops = 32;

    private readonly PinnedTable<float> _singles = new(Cuts + 2 * Tops);
    private readonly PinnedTable<double> _doubles = new(Cuts + 2 * Tops);

    public CutTable(ReadOnlySpan<double> cuts)
    {
        Count = cuts.Length;
        _singles.Values.Fill(float.PositiveInfinity);
        _doubles.Values.Fill(double.PositiveInfinity);
        cuts.CopyTo(_doubles.Values);
        for (int i = 0; i < cuts.Length; i++) _singles.Values[i] = SplitCut.Floor(cuts[i]);
        Stride = cuts.Length < 32 ? 1 : cuts.Length < 128 ? 4 : 8;
        for (int i = 0; i < Tops; i++) SingleTops[i] = Singles[i * Stride + Stride - 1];
        for (int i = 0; i < Cuts / 16; i++) SingleSixteenths[i] = Singles[i * 16 + 15];
        for (int i = 0; i < 8; i++) SingleEighths[i] = Singles[i * 8 + 7];
        if (cuts.Length >= 64) SingleBuckets = CutBuckets.Of(_singles.Values[..cuts.Length]);
        for (int i = 0; i < Cuts / 8; i++) DoubleEighths[i] = Doubles[i * 8 + 7];
        for (int i = 0; i < Cuts / 64; i++) DoubleTops[i] = Doubles[i * 64 + 63];
    }

    public int Count { get; }

    /// <summary>Cuts of a top in <see cref="SingleTops"/>: 1, 4 or 8.</summary>
    public int Stride { get; }

    /// <summary>256 cuts, rounded down to 32 bits where they need more: right for values of 32 bits.</summary>
    public float* Singles => _singles.At;

    /// <summary>32 of <see cref="Singles"/>: the last of each group of <see cref="Stride"/>.</summary>
    public float* SingleTops => _singles.At + Cuts;

    /// <summary>16 of <see cref="Singles"/>: the last of each 16.</summary>
    public float* SingleSixteenths => _singles.At + Cuts + Tops;

    /// <summary>8 of <see cref="Singles"/>: the last of each 8 of the first 64.</summary>
    public float* SingleEighths => _singles.At + Cuts + Tops + 16;

    /// <summary>64 or more of <see cref="Singles"/> behind buckets, where they can be.</summary>
    public CutBuckets? SingleBuckets { get; }

    /// <summary>256 cuts.</summary>
    public double* Doubles => _doubles.At;

    /// <summary>32 of <see cref="Doubles"/>: the last of each 8.</summary>
    public double* DoubleEighths => _doubles.At + Cuts;

    /// <summary>8: the last of each 64 of <see cref="Doubles"/>, then +∞.</summary>
    public double* DoubleTops => _doubles.At + Cuts + Tops;
}
