using System.Collections.Immutable;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Scoring.Featurizers;

namespace MlSql.Scoring.Trees;

/// <summary>What a featurizer encodes: its first column and how many there are.</summary>
internal sealed record EncodedColumns(ColumnEncoder Encoder, int First, int Width);

/// <summary>The encoded columns of a model as trees read them: numbers, NaN for a missing one. Safe for any number of threads at once.</summary>
internal sealed class RowEncoder
{
    /// <summary>Rows of a block: a hundred columns of them fit into the second-level cache.</summary>
    public const int BlockRows = 256;

    /// <summary>Throws <see cref="Columnar.CodedException"/> MLS4002 for featurizers that trees cannot read.</summary>
    public RowEncoder(Model model)
    {
        var encoders = ImmutableArray.CreateBuilder<EncodedColumns>();
        foreach (var featurizer in model.Featurizers)
        {
            encoders.Add(new(ColumnEncoder.Of(featurizer, new FeatureSource(model.Signature, featurizer)), Columns, featurizer.Width));
            Columns += featurizer.Width;
        }
        Encoders = encoders.ToImmutable();
    }

    /// <summary>One a featurizer, with its first column and how many there are.</summary>
    public ImmutableArray<EncodedColumns> Encoders { get; }

    /// <summary>Encoded columns.</summary>
    public int Columns { get; }

    /// <summary>Writes up to <see cref="BlockRows"/> rows from <paramref name="start"/> on, a multiple of 64, column after column with <see cref="BlockRows"/> slots each.</summary>
    public void Encode(ReadOnlySpan<ColumnView> features, int start, int rows, Span<double> into)
    {
        Span<ulong> words = stackalloc ulong[BlockRows / 64];
        foreach (var (encoder, first, _) in Encoders)
            encoder.Write(encoder.Source.Resolve(features, start, rows, words, []), into[(first * BlockRows)..], BlockRows);
    }

    /// <summary>Copies a row out of a block.</summary>
    public static void Row(ReadOnlySpan<double> block, int row, Span<double> into)
    {
        for (int column = 0; column < into.Length; column++) into[column] = block[column * BlockRows + row];
    }
}
