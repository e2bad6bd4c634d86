using System.Buffers;
using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models.Featurizers;
using MlSql.Scoring.Featurizers;

namespace MlSql.Scoring.Trees;

/// <summary>Writes the encoded columns of one featurizer as trees read them: NaN for a missing value.</summary>
internal abstract class ColumnEncoder(FeatureSource source)
{
    public FeatureSource Source { get; } = source;

    /// <summary>Writes the rows of a block, column by column with <paramref name="stride"/> slots a column.</summary>
    public abstract void Write(in FeatureBlock block, Span<double> into, int stride);

    public static ColumnEncoder Of(Featurizer featurizer, FeatureSource source) => featurizer switch
    {
        RawFeaturizer { Columns: var columns } => source.Type switch
        {
            Models.NumberFeature or Models.BooleanFeature => new NumberEncoder(source),
            Models.NumberListFeature => new NumberListEncoder(source, columns),
            _ => new CalendarEncoder(source),
        },
        LevelFeaturizer level => new LevelEncoder(source, level),
        _ => throw ScoringErrors.Damaged($"trees do not read what a {featurizer.GetType().Name} makes: {source.Name}"),
    };
}

/// <summary>A number or a boolean.</summary>
internal sealed class NumberEncoder(FeatureSource source) : ColumnEncoder(source)
{
    public override void Write(in FeatureBlock block, Span<double> into, int stride)
    {
        var values = into[..block.Rows];
        if (block.Column.Type is NullType)
        {
            values.Fill(double.NaN);
            return;
        }
        NumberReader.Read(block.Column, block.Start, values);
        // A struct around the column may be NULL where the column is not.
        if (block.Validity.IsEmpty) return;
        for (int row = 0; row < values.Length; row++)
            if (!block.IsValid(row)) values[row] = double.NaN;
    }
}

/// <summary>The positions of a list.</summary>
internal sealed class NumberListEncoder(FeatureSource source, int length) : ColumnEncoder(source)
{
    public override void Write(in FeatureBlock block, Span<double> into, int stride)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(length);
        var numbers = rented.AsSpan(0, length);
        for (int row = 0; row < block.Rows; row++)
        {
            if (block.Column.Type is NullType || !block.IsValid(row)) numbers.Fill(double.NaN);
            else
            {
                var (start, found) = block.Column.List(block.Start + row);
                if (found != length) throw ScoringErrors.ListLength(Source.Name, length, found);
                if (block.Column.Children[0].Type is NullType) numbers.Fill(double.NaN);
                else NumberReader.Read(block.Column.Children[0], start, numbers);
            }
            for (int i = 0; i < length; i++) into[i * stride + row] = numbers[i];
        }
        ArrayPool<double>.Shared.Return(rented);
    }
}

/// <summary>The parts of a date or time.</summary>
internal sealed class CalendarEncoder(FeatureSource source) : ColumnEncoder(source)
{
    public override void Write(in FeatureBlock block, Span<double> into, int stride)
    {
        Span<double> parts = stackalloc double[CalendarParts.Count];
        for (int row = 0; row < block.Rows; row++)
        {
            if (!block.IsValid(row) || !CalendarValue.TryRead(block.Column, block.Start + row, parts)) parts.Fill(double.NaN);
            for (int i = 0; i < parts.Length; i++) into[i * stride + row] = parts[i];
        }
    }
}

/// <summary>A text's level.</summary>
internal sealed class LevelEncoder : ColumnEncoder
{
    private readonly LevelTable _levels;
    private readonly EnumMap<int> _levelOfValue;

    public LevelEncoder(FeatureSource source, LevelFeaturizer featurizer) : base(source)
    {
        _levels = new LevelTable(featurizer.Levels.AsSpan());
        _levelOfValue = new(value => _levels.Find(value) - 1);
    }

    public override void Write(in FeatureBlock block, Span<double> into, int stride)
    {
        var values = into[..block.Rows];
        switch (block.Column.Type)
        {
            case NullType:
                values.Fill(double.NaN);
                break;
            case EnumType type:
                int[] levels = _levelOfValue.Of(type);
                for (int row = 0; row < values.Length; row++) values[row] = block.IsValid(row) ? levels[EnumReader.Index(block.Column, type, block.Start + row)] : double.NaN;
                break;
            case StringType:
                for (int row = 0; row < values.Length; row++) values[row] = block.IsValid(row) ? _levels.Find(block.Column.Text(block.Start + row)) - 1 : double.NaN;
                break;
            default:
                throw new UnreachableException(block.Column.Type.ToString());
        }
    }
}
