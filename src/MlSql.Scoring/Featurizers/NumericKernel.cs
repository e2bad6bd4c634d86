using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models.Featurizers;

namespace MlSql.Scoring.Featurizers;

/// <summary>Adds (x − mean) · weight / scale; a NULL or NaN adds exactly 0, as the mean would.</summary>
internal sealed class NumericKernel : FeatureKernel
{
    private readonly double _mean;
    private readonly double _weight;

    private NumericKernel(FeatureSource source, double mean, double weight) : base(source)
    {
        _mean = mean;
        _weight = weight;
    }

    public static NumericKernel? Create(NumericFeaturizer featurizer, FeatureSource source, double weight)
    {
        double folded = Fold(weight, featurizer.Mean, featurizer.Scale, source);
        return folded == 0 ? null : new(source, featurizer.Mean, folded);
    }

    public override void Add(in FeatureBlock block, Span<double> scores)
    {
        switch (block.Column.Type)
        {
            case NullType:
                break;
            case FloatType { Bits: 32 }:
                Add<float, FloatLanes>(block.Column.Values<float>().Slice(block.Start, block.Rows), block.Validity, scores);
                break;
            case FloatType:
                Add<double, DoubleLanes>(block.Column.Values<double>().Slice(block.Start, block.Rows), block.Validity, scores);
                break;
            default:
                var numbers = block.Scratch[..block.Rows];
                NumberReader.Read(block.Column, block.Start, numbers);
                Add<double, DoubleLanes>(numbers, block.Validity, scores);
                break;
        }
    }

    private void Add<T, TLanes>(ReadOnlySpan<T> values, ReadOnlySpan<ulong> validity, Span<double> scores) where T : unmanaged where TLanes : ILanes<T>
    {
        scores = scores[..values.Length];
        ref T x = ref MemoryMarshal.GetReference(values);
        ref double sum = ref MemoryMarshal.GetReference(scores);
        double mean = _mean, weight = _weight;
        var means = Vector512.Create(mean);
        var weights = Vector512.Create(weight);
        int row = 0;
        if (validity.IsEmpty)
        {
            for (; row <= values.Length - 8; row += 8)
            {
                var lanes = TLanes.Load(ref x, (nuint)row);
                var added = (lanes - means) * weights & Vector512.Equals(lanes, lanes);
                (Vector512.LoadUnsafe(ref sum, (nuint)row) + added).StoreUnsafe(ref sum, (nuint)row);
            }
        }
        else
        {
            var bitOfLane = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);
            for (; row <= values.Length - 8; row += 8)
            {
                var lanes = TLanes.Load(ref x, (nuint)row);
                var present = Vector512.Equals(Vector512.Create((long)(validity[row >> 6] >> (row & 63))) & bitOfLane, bitOfLane).AsDouble();
                var added = (lanes - means) * weights & Vector512.Equals(lanes, lanes) & present;
                (Vector512.LoadUnsafe(ref sum, (nuint)row) + added).StoreUnsafe(ref sum, (nuint)row);
            }
        }
        for (; row < values.Length; row++)
        {
            double value = TLanes.One(values[row]);
            bool present = validity.IsEmpty || (validity[row >> 6] >> (row & 63) & 1) != 0;
            scores[row] += present && !double.IsNaN(value) ? (value - mean) * weight : 0;
        }
    }
}

/// <summary>Reads values as doubles, eight at a time or one.</summary>
internal interface ILanes<T>
{
    static abstract Vector512<double> Load(ref T values, nuint row);

    static abstract double One(T value);
}

/// <summary>Doubles as they are.</summary>
internal readonly struct DoubleLanes : ILanes<double>
{
    public static Vector512<double> Load(ref double values, nuint row) => Vector512.LoadUnsafe(ref values, row);

    public static double One(double value) => value;
}

/// <summary>Floats widened, which is exact.</summary>
internal readonly struct FloatLanes : ILanes<float>
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
