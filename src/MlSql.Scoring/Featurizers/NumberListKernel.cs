using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models.Featurizers;

namespace MlSql.Scoring.Featurizers;

/// <summary>
/// Adds Σ (x − mean) · weight / scale over the positions of a list; a NULL or NaN element adds 0. Eight partial sums, position i in sum i mod 8, are joined pairwise (0+4, …; then 0+2, …; then 0+1).
/// </summary>
internal sealed class NumberListKernel : FeatureKernel
{
    // Positions are padded to a multiple of eight with weight 0.
    private readonly double[] _means;
    private readonly double[] _weights;
    private readonly int _length;

    public NumberListKernel(NumberListFeaturizer featurizer, FeatureSource source, ReadOnlySpan<double> weights) : base(source)
    {
        _length = featurizer.Means.Length;
        if (featurizer.Scales.Length != _length) throw ScoringErrors.Damaged($"a list has as many scales as means: {source.Name}");
        _means = new double[(_length + 7) & ~7];
        _weights = new double[_means.Length];
        for (int i = 0; i < _length; i++)
        {
            _weights[i] = Fold(weights[i], featurizer.Means[i], featurizer.Scales[i], source);
            if (_weights[i] != 0) _means[i] = featurizer.Means[i];
        }
    }

    public override void Add(in FeatureBlock block, Span<double> scores)
    {
        if (block.Column.Type is NullType || _length == 0 && block.Rows == 0) return;
        var elements = block.Column.Children[0];
        double[] buffer = ArrayPool<double>.Shared.Rent(Math.Max(_means.Length, 2_048) + 8);
        try
        {
            int row = 0;
            while (row < block.Rows)
            {
                if (!block.IsValid(row))
                {
                    row++;
                    continue;
                }
                // Lists that lie one after another are read at once.
                int start = Start(block, row);
                int run = 1, fit = Math.Max(1, (buffer.Length - 8) / Math.Max(1, _length));
                while (run < fit && row + run < block.Rows && block.IsValid(row + run) && Start(block, row + run) == start + run * _length) run++;
                var numbers = buffer.AsSpan(0, run * _length + 8);
                if (elements.Type is NullType) numbers.Fill(double.NaN);
                else NumberReader.Read(elements, start, numbers[..^8]);
                for (int i = 0; i < run; i++) scores[row + i] += Sum(numbers.Slice(i * _length, (_length + 7) & ~7));
                row += run;
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
    }

    private int Start(in FeatureBlock block, int row)
    {
        var (start, length) = block.Column.List(block.Start + row);
        return length == _length ? start : throw ScoringErrors.ListLength(Source.Name, _length, length);
    }

    // The last step reads past the list into what follows; its weight of 0 leaves that out.
    private double Sum(ReadOnlySpan<double> values)
    {
        ref double x = ref MemoryMarshal.GetReference(values);
        ref double means = ref MemoryMarshal.GetArrayDataReference(_means);
        ref double weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        var sums = Vector512<double>.Zero;
        for (nuint i = 0; i < (nuint)values.Length; i += 8)
        {
            var lanes = Vector512.LoadUnsafe(ref x, i);
            var weight = Vector512.LoadUnsafe(ref weights, i);
            var counted = Vector512.Equals(lanes, lanes) & ~Vector512.Equals(weight, Vector512<double>.Zero);
            sums += (lanes - Vector512.LoadUnsafe(ref means, i)) * weight & counted;
        }
        var four = sums.GetLower() + sums.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
