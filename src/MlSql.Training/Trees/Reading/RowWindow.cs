using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Training.Rows;

namespace MlSql.Training.Trees.Reading;

/// <summary>One thread's reading: a segment of rows at a time, and what was learned of all of them.</summary>
internal sealed class RowWindow
{
    private readonly long[] _rows = new long[RowSelection.Parts];
    private readonly byte[][] _bins;
    private double[] _tile = [];
    private double[] _classOfCode = [];

    /// <summary><paramref name="store"/> keeps hashes and holds no rows.</summary>
    public RowWindow(RowStore store, RowSample sample)
    {
        (Store, Sample) = (store, sample);
        Tallies = [.. store.Features.Select(_ => new FeatureTally())];
        Numbers = new NumberTally?[store.Features.Count];
        _bins = new byte[store.Features.Count][];
    }

    public RowStore Store { get; }

    public RowSample Sample { get; private set; }

    /// <summary>What was seen of each feature in the training rows.</summary>
    public FeatureTally[] Tallies { get; }

    /// <summary>Of features of numbers and times, their values in a later reading.</summary>
    public NumberTally?[] Numbers { get; }

    /// <summary>Rows of each part.</summary>
    public ReadOnlySpan<long> Rows => _rows;

    /// <summary>First reading: what the rows hold.</summary>
    public void Learn(ReadOnlySpan<ColumnView> columns, int start, int count)
    {
        Store.Replace(columns, start, count);
        for (int part = 0; part < RowSelection.Parts; part++) _rows[part] += Store.RowsOf((RowPart)part);
        int rows = (int)Store.RowsOf(RowPart.Train);
        if (rows == 0) return;
        Sample.Choose(Store.Hashes![(int)RowPart.Train].Block(0));
        for (int i = 0; i < Tallies.Length; i++)
        {
            FeatureColumn feature = Store.Features[i];
            if (feature is TextFeatureColumn text)
            {
                Tallies[i].Look(text.Parts[(int)RowPart.Train].Block(0), text.Dictionary.Count);
                continue;
            }
            Span<double> tile = Read(feature, (int)RowPart.Train, rows);
            for (int column = 0; column < FeatureReader.Columns(feature); column++) Sample.Put(i, column, tile.Slice(column * RowStore.SegmentRows, rows));
            if (FeatureReader.Told(feature) is var told and >= 0) Tallies[i].Look(tile.Slice(told * RowStore.SegmentRows, rows));
            else Tallies[i].LookAtLists(tile, feature.DenseColumns, RowStore.SegmentRows, rows);
        }
    }

    /// <summary>Gives the sample's memory back; the first reading is over.</summary>
    public void ForgetSample()
    {
        Sample.Release();
        Sample = RowSample.None;
    }

    /// <summary>Second reading: writes bins, labels, weights and hashes; <paramref name="places"/> says where each part's rows belong, below 0 wherever there is room.</summary>
    public void Bin(ReadOnlySpan<ColumnView> columns, int start, int count, TreeColumns bins, ClassLabels? classes, BinnedPart[] parts, ReadOnlySpan<int> places)
    {
        Store.Replace(columns, start, count);
        for (int part = 0; part < parts.Length; part++)
        {
            int rows = (int)Store.RowsOf((RowPart)part);
            if (rows == 0) continue;
            int at = parts[part].Take(rows, places[part]), column = 0;
            for (int i = 0; i < Tallies.Length; i++)
            {
                if (Store.Features[i] is TextFeatureColumn text) parts[part].Rows.Fill(column, at, text.Parts[part].Block(0), BinsOf(i, text, bins));
                else
                {
                    Span<double> tile = Read(Store.Features[i], part, rows);
                    for (int c = 0; c < bins[i].Columns.Length; c++) parts[part].Rows.Fill(column + c, at, tile.Slice(c * RowStore.SegmentRows, rows));
                    if (part == (int)RowPart.Train) Tell(i, tile, rows, bins[i].Numbers);
                }
                column += bins[i].Columns.Length;
            }
            LabelsOf(part, classes, parts[part].Labels.AsSpan(at, rows));
            if (parts[part].Weights.Length > 0) Store.Weights![part].Block(0).CopyTo(parts[part].Weights.AsSpan(at));
            if (parts[part].Hashes.Length > 0) Store.Hashes![part].Block(0).CopyTo(parts[part].Hashes.AsSpan(at));
        }
    }

    /// <summary>A further reading: the values of features with a tally among <paramref name="numbers"/>.</summary>
    public void Recount(ReadOnlySpan<ColumnView> columns, int start, int count, NumberTally?[] numbers)
    {
        Store.Replace(columns, start, count);
        int rows = (int)Store.RowsOf(RowPart.Train);
        for (int i = 0; i < numbers.Length && rows > 0; i++)
            if (numbers[i] is { } tally) Tell(i, Read(Store.Features[i], (int)RowPart.Train, rows), rows, tally);
    }

    private void Tell(int feature, ReadOnlySpan<double> tile, int rows, NumberTally? empty)
    {
        if (empty is null) return;
        (Numbers[feature] ??= empty.Another()).Add(tile.Slice(FeatureReader.Told(Store.Features[feature]) * RowStore.SegmentRows, rows));
    }

    private Span<double> Read(FeatureColumn feature, int part, int rows)
    {
        int size = FeatureReader.Columns(feature) * RowStore.SegmentRows;
        if (_tile.Length < size) _tile = new double[size];
        FeatureReader.Read(feature, part, rows, _tile);
        return _tile;
    }

    private byte[] BinsOf(int feature, TextFeatureColumn text, TreeColumns bins) =>
        _bins[feature] is { } known && known.Length == text.Dictionary.Count ? known : _bins[feature] = bins[feature].Levels!.BinsOf(text.Dictionary);

    private void LabelsOf(int part, ClassLabels? classes, Span<double> into)
    {
        ReadOnlySpan<double> stored = Store.Labels.Parts[part].Block(0);
        stored.CopyTo(into);
        if (classes is null) return;
        if (_classOfCode.Length < Store.Labels.Codes) _classOfCode = Store.Labels.IndexesIn(classes);
        foreach (ref double label in into)
        {
            label = _classOfCode[(int)label];
            if (label < 0) throw TrainingErrors.RowsChanged();
        }
    }
}
