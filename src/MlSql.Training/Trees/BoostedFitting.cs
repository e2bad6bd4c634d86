using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Training.Encoders;
using MlSql.Training.Rows;
using MlSql.Training.Trees.Reading;

namespace MlSql.Training.Trees;

/// <summary>
/// The run of boosted trees: a first reading of the rows says what bins there are, a second one writes them, a byte a value; nothing else of the features is kept. (Where a sample misled about a median, a third one finds it.)
/// The model is a function of the set of rows.
/// </summary>
internal sealed class BoostedFitting : Fitting
{
    private readonly BoostedTrees _trainer;
    private readonly TrainingSpec _spec;
    private readonly MemoryBudget _budget;
    private readonly BoostingOptions _options;
    private readonly RowStore _empty;
    private readonly RowPlaces _places;
    private readonly List<RowWindow> _windows = [];
    private readonly ThreadLocal<RowWindow> _mine;
    private readonly FeatureTally[] _tallies;
    private readonly NumberTally?[] _numbers;
    private readonly BinnedPart[] _parts = new BinnedPart[RowSelection.Parts];
    private TreeColumns? _columns;
    private ClassLabels? _classes;
    private NumberTally?[]? _recounted;
    private TrainingRows _counts = new(0, 0, 0, 0);
    private long _rows;
    private int _pieces;

    public BoostedFitting(BoostedTrees trainer, TrainingSpec spec, MemoryBudget budget)
    {
        (_trainer, _spec, _budget, _options) = (trainer, spec, budget, BoostingOptions.Of(spec.Options));
        _empty = new(spec, budget, keepsHashes: true);
        _places = new(budget);
        _mine = new(Open);
        _tallies = [.. _empty.Features.Select(_ => new FeatureTally())];
        _numbers = new NumberTally?[_tallies.Length];
    }

    /// <inheritdoc/>
    public override bool ReadsAgain => true;

    /// <inheritdoc/>
    public override long Rows => Interlocked.Read(ref _rows);

    /// <inheritdoc/>
    public override int Append(ReadOnlySpan<ColumnView> columns, int rows, long first)
    {
        RowWindow window = _mine.Value!;
        Span<int> places = [-1, -1, -1];
        for (int start = 0; start < rows; start += RowStore.SegmentRows)
        {
            int count = Math.Min(RowStore.SegmentRows, rows - start);
            if (_recounted is not null) window.Recount(columns, start, count, _recounted);
            else if (_columns is not null)
            {
                if (first >= 0) _places.Before(first + start, places);
                window.Bin(columns, start, count, _columns, _classes, _parts, places);
            }
            else
            {
                window.Learn(columns, start, count);
                if (first >= 0) _places.Set(first + start, window.Store.LastParts);
            }
        }
        Interlocked.Add(ref _rows, rows);
        return Interlocked.Increment(ref _pieces) - 1;
    }

    /// <inheritdoc/>
    public override bool NextPass(FittingContext context, CancellationToken cancel)
    {
        Interlocked.Exchange(ref _rows, 0);
        if (_columns is not null) return FindMedians();
        Learned(context, cancel);
        return true;
    }

    /// <inheritdoc/>
    public override FittedRows Finish(IReadOnlyList<int>? order, FittingContext context, CancellationToken cancel)
    {
        if (_columns is null) throw new InvalidOperationException("The rows are to be read once more.");
        double[] weights = TrainingWeights.Of(_parts[(int)RowPart.Train], _spec, _classes);
        Booster booster = new(new(_spec, _options, _classes, _columns, _parts, weights, _budget, context));
        return new(
            booster.Run(cancel), _classes, _counts, Encoder.Signature(_spec, _empty.Features), [.. Enumerable.Range(0, _tallies.Length).Select(StatisticsOf)], _empty.Fingerprint,
            part => _parts[(int)part].Labels, part => _parts[(int)part].Weights);
    }

    /// <inheritdoc/>
    public override void Dispose() => _mine.Dispose();

    private RowWindow Open()
    {
        lock (_windows)
        {
            _windows.Add(new(_empty.Another(), new(_tallies.Length, _budget)));
            return _windows[^1];
        }
    }

    private void Learned(FittingContext context, CancellationToken cancel)
    {
        // Without any run of rows: what is merged are dictionaries and counts.
        _empty.Arrange([_empty, .. _windows.Select(window => window.Store)], [[], [], []], context.Crew, cancel);
        long[] rows = new long[RowSelection.Parts];
        foreach (RowWindow window in _windows)
        {
            for (int part = 0; part < rows.Length; part++) rows[part] += window.Rows[part];
            for (int i = 0; i < _tallies.Length; i++)
                if (_empty.Features[i] is TextFeatureColumn text) _tallies[i].Merge(window.Tallies[i], text.Dictionary.Take(((TextFeatureColumn)window.Store.Features[i]).Dictionary), text.Dictionary.Count);
                else _tallies[i].Merge(window.Tallies[i], [], 0);
        }
        _counts = new(rows[0], rows[1], rows[2], _empty.Dropped);
        _counts.Check(_empty.Rows);
        foreach (long count in rows)
            if (count > BinnedRows.MaxRows) throw TrainingErrors.TooManyRows(count, BinnedRows.MaxRows, _trainer.Info.Name);
        _classes = _spec.Estimator.Task == ModelTask.Classification ? _empty.Labels.FinishClasses(_trainer.MaxClasses) : null;
        _places.Freeze();

        RowSample sample = new(_tallies.Length, _budget);
        sample.Merge(_windows.Select(window => window.Sample));
        foreach (RowWindow window in _windows) window.ForgetSample();
        TreeColumns columns = TreeColumns.Fit(_empty.Features, _tallies, sample, _options.MaxBins, rows[0], context, cancel);
        sample.Release();
        for (int part = 0; part < rows.Length; part++)
            _parts[part] = new(columns.Columns, (int)rows[part], _spec.HasWeight, part == (int)RowPart.Train && _options.Subsample < 1, _budget);
        _columns = columns;
        // Beside 10,000,000 rows in bins half a gigabyte of samples would wait for the collector until training is over.
        if (rows[0] > RowSample.MostRows) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    // True where some median was not found yet.
    private bool FindMedians()
    {
        if (_parts.Any(part => !part.IsFull)) throw TrainingErrors.RowsChanged();
        var beyond = new NumberTally?[_numbers.Length];
        for (int i = 0; i < _numbers.Length; i++)
        {
            if (_columns![i].Numbers is not { } empty || (_recounted is not null && _recounted[i] is null)) continue;
            NumberTally tally = _numbers[i] = (_recounted?[i] ?? empty).Another();
            foreach (RowWindow window in _windows)
            {
                if (window.Numbers[i] is { } seen) tally.Merge(seen);
                window.Numbers[i] = null;
            }
            long count = (long)_tallies[i].Range.Weight;
            if (!tally.HasMedian(count)) beyond[i] = tally.Beyond(count);
        }
        if (Array.TrueForAll(beyond, tally => tally is null)) return false;
        _recounted = beyond;
        return true;
    }

    private FeatureStatistics StatisticsOf(int index)
    {
        string name = _empty.Features[index].Leaf.Name;
        FeatureTally tally = _tallies[index];
        if (_numbers[index] is { } numbers) return numbers.Statistics(name, tally.Range, tally.Nulls);
        return _columns![index].Levels is { } levels
            ? new(name, null, null, null, null, null, levels.Featurizer.Levels.Length, tally.Nulls, null)
            : new(name, null, null, null, null, null, null, tally.Nulls, _columns[index].Columns.Length);
    }
}

/// <summary>What trees are boosted on.</summary>
/// <param name="Spec">What is wanted.</param>
/// <param name="Options">Its options.</param>
/// <param name="Classes">The classes, ascending; labels are their indexes. Null for regression.</param>
/// <param name="Columns">How features became bins.</param>
/// <param name="Parts">The rows, by part.</param>
/// <param name="Weights">What each training row weighs, its class's weight included; empty where every row weighs 1.</param>
/// <param name="Budget">Where memory is asked for.</param>
/// <param name="Context">What it works with.</param>
internal sealed record BoostingData(TrainingSpec Spec, BoostingOptions Options, ClassLabels? Classes, TreeColumns Columns, BinnedPart[] Parts, double[] Weights, MemoryBudget Budget, FittingContext Context);
