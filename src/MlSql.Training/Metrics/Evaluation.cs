using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Training.Rounds;

namespace MlSql.Training.Metrics;

/// <summary>A metric's name and value; null where it is not defined (one class only, no rows).</summary>
public sealed record Metric(string Name, double? Value);

/// <summary>Gathers predictions and labels, batch by batch, and computes the metrics of dialect.md §3 in its order.</summary>
public sealed class Evaluation
{
    private readonly ClassLabels? _classes;
    private readonly double _threshold;
    private readonly LabelReader _labelReader;
    private readonly PredictionColumns _predictions;
    private readonly GrowingDoubles _labels = new();
    private readonly GrowingDoubles _weights = new();
    private int[] _kept = [];
    private bool _weighted;

    /// <summary>Prepares the metrics of a task; of two classes, a probability of at least <paramref name="threshold"/> says the positive one.</summary>
    public Evaluation(ModelTask task, ClassLabels? classes, double threshold)
    {
        if (task == ModelTask.Classification != classes is not null) throw new ArgumentException("Classes belong to classification.", nameof(classes));
        if (classes is { Values.Length: < 2 }) throw new ArgumentException("One class cannot be measured.", nameof(classes));
        _classes = classes;
        _threshold = threshold;
        _predictions = new(classes is { Values.Length: > 2 and var count } ? count : 1);
        _labelReader = new(classes);
    }

    /// <summary>Rows taken so far.</summary>
    public long Rows => _labels.Count;

    /// <summary>Rows left out because their label or their prediction was NULL.</summary>
    public long RowsLeftOut { get; private set; }

    /// <summary>
    /// Takes a batch: the predicted value (regression) or the probability of the positive class as DOUBLE, or of more than two classes all probabilities as DOUBLE[], the true label of any type of the label's kind, and the weights (DOUBLE) or null.
    /// Rows whose label or prediction is NULL are left out and counted. Throws MLS3019, MLS3020 for a label that is none of the classes, MLS3015 for a weight below 0.
    /// </summary>
    public void Append(ColumnView prediction, ColumnView label, ColumnView? weight) => Append(prediction, label, weight, 0, prediction.Length);

    /// <summary>Takes rows <paramref name="start"/> … of a batch, as <see cref="Append(ColumnView, ColumnView, ColumnView?)"/> does.</summary>
    public void Append(ColumnView prediction, ColumnView label, ColumnView? weight, int start, int rows)
    {
        int before = _labels.Count;
        Span<double> labels = _labels.Grow(rows);
        ReadOnlySpan<double> predictions = _predictions.Append(prediction, start, rows);
        _labelReader.Read(label, start, labels);
        if (weight is not null && !_weighted)
        {
            _weighted = true;
            _weights.Grow(before).Fill(1);
        }
        Span<double> weights = _weighted ? _weights.Grow(rows) : [];
        if (weight is not null) NumberReader.Read(weight, start, weights);
        else weights.Fill(1);

        if (_kept.Length < rows) _kept = new int[rows];
        int kept = 0;
        for (int row = 0; row < rows; row++)
        {
            if (double.IsNaN(labels[row]) || double.IsNaN(predictions[row])) continue;
            if (!double.IsFinite(labels[row]) || !double.IsFinite(predictions[row])) throw TrainingErrors.InfinitePrediction(double.IsFinite(labels[row]) ? "the prediction" : "the label");
            if (_weighted && (!(weights[row] >= 0) || double.IsInfinity(weights[row]))) throw TrainingErrors.Weight(double.IsNaN(weights[row]) ? "NULL" : weights[row].ToString(CultureInfo.InvariantCulture));
            _kept[kept++] = row;
        }
        RowsLeftOut += rows - kept;
        ReadOnlySpan<int> places = _kept.AsSpan(0, kept);
        _predictions.Keep(rows, places);
        _labels.Keep(rows, places);
        if (_weighted) _weights.Keep(rows, places);
    }

    /// <summary>The metrics.</summary>
    public ImmutableArray<Metric> Finish()
    {
        using BlockCrew crew = new(1);
        return _classes switch
        {
            null => RegressionMetrics.Of(_predictions.Columns[0], _labels.Values, _weights.Values, crew, default),
            { Values.Length: 2 } => BinaryMetrics.Of(_predictions.Columns[0], _labels.Values, _weights.Values, _threshold, crew, default),
            _ => MulticlassMetrics.Of(_predictions.Columns, _labels.Values, _weights.Values, crew, default),
        };
    }
}
