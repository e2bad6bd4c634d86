using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Trees;
using MlSql.Scoring.Featurizers;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>
/// Raw scores of a tree model over an engine's columns: floats and doubles become bins where they lie, all other features are encoded block by block before. The bits of <see cref="TreeWalk.Score"/> on the encoded rows.
/// Safe for any number of threads at once; allocates nothing per batch of numbers and booleans.
/// </summary>
internal sealed unsafe class TreeFeatureKernel
{
    private const int MostOnStack = 256;
    private const int Words = FeatureBlock.MaxRows / 64;

    private readonly TreeKernel _kernel;
    private readonly ImmutableArray<EncodedColumns> _encoders;
    private readonly int _columns;

    /// <summary>Throws MLS4xxx for featurizers that trees do not read.</summary>
    public TreeFeatureKernel(Model model, TreeStructure structure)
    {
        RowEncoder encoder = new(model);
        (_encoders, _columns) = (encoder.Encoders, encoder.Columns);
        _kernel = TreeKernel.Create(structure, _columns);
    }

    /// <summary>Scores a row.</summary>
    public int Outputs => _kernel.Outputs;

    /// <summary>Writes the scores of the first rows, output by output. The features have been checked against the signature; see <see cref="IScorer.Score"/>.</summary>
    public void Score(ReadOnlySpan<ColumnView> features, int rows, Span<double> scores)
    {
        if (rows == 1)
        {
            ScoreRow(features, scores);
            return;
        }
        var columns = ArrayPool<ValueColumn>.Shared.Rent(_columns);
        ulong[] words = ArrayPool<ulong>.Shared.Rent(_encoders.Length * Words);
        double[] encoded = ArrayPool<double>.Shared.Rent(_columns * FeatureBlock.MaxRows);
        fixed (ulong* masks = words)
        fixed (double* numbers = encoded)
        {
            for (int start = 0; start < rows; start += FeatureBlock.MaxRows)
            {
                int count = Math.Min(FeatureBlock.MaxRows, rows - start);
                for (int i = 0; i < _encoders.Length; i++)
                {
                    var (encoder, first, width) = _encoders[i];
                    var block = encoder.Source.Resolve(features, start, count, new Span<ulong>(masks + i * Words, Words), []);
                    if (encoder is NumberEncoder && block.Column.Type is FloatType { Bits: var bits })
                    {
                        columns[first] = bits == 32 ? InPlace(block, block.Column.Values<float>(), isSingle: true) : InPlace(block, block.Column.Values<double>(), isSingle: false);
                        continue;
                    }
                    double* into = numbers + (long)first * FeatureBlock.MaxRows;
                    encoder.Write(block, new Span<double>(into, width * FeatureBlock.MaxRows), FeatureBlock.MaxRows);
                    for (int c = 0; c < width; c++) columns[first + c] = new(into + c * FeatureBlock.MaxRows, isSingle: false, null);
                }
                _kernel.Score(columns.AsSpan(0, _columns), count, scores[start..], rows);
            }
        }
        ArrayPool<double>.Shared.Return(encoded);
        ArrayPool<ulong>.Shared.Return(words);
        ArrayPool<ValueColumn>.Shared.Return(columns);
    }

    [SkipLocalsInit]
    private void ScoreRow(ReadOnlySpan<ColumnView> features, Span<double> scores)
    {
        double[]? rented = _columns > MostOnStack ? ArrayPool<double>.Shared.Rent(_columns) : null;
        Span<double> row = rented ?? stackalloc double[MostOnStack];
        row = row[.._columns];
        Span<ulong> word = stackalloc ulong[1];
        foreach (var (encoder, first, width) in _encoders)
        {
            if (encoder is NumberEncoder && encoder.Source.Whole(features) is { Type: FloatType { Bits: var bits } } column)
                row[first] = !column.IsValid(0) ? double.NaN : bits == 32 ? column.Values<float>()[0] : column.Values<double>()[0];
            else encoder.Write(encoder.Source.Resolve(features, 0, 1, word, []), row.Slice(first, width), 1);
        }
        _kernel.ScoreRow(row, scores);
        if (rented is not null) ArrayPool<double>.Shared.Return(rented);
    }

    // A view's memory does not move, and neither do the words of a joined mask.
    private static ValueColumn InPlace<T>(in FeatureBlock block, ReadOnlySpan<T> values, bool isSingle) where T : unmanaged => new(
        Unsafe.AsPointer(ref MemoryMarshal.GetReference(values[block.Start..])), isSingle,
        block.Validity.IsEmpty ? null : (ulong*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(block.Validity)));
}
