using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlSql.Columnar;
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
    private readonly byte[][] _classTexts = [];
    private readonly double[] _classNumbers = [];
    private readonly double[] _classSingles = [];
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
        if (classes is null) return;
        if (classes.Kind == ClassKind.Text) _classTexts = [.. classes.Values.Select(Encoding.UTF8.GetBytes)];
        else _classNumbers = [.. classes.Values.Select(v => classes.Kind == ClassKind.Boolean ? (v == "true" ? 1 : 0) : double.Parse(v, CultureInfo.InvariantCulture))];
        _classSingles = [.. _classNumbers.Select(v => (double)(float)v)];
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
        ReadLabels(label, start, labels);
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

    private void ReadLabels(ColumnView label, int start, Span<double> into)
    {
        bool text = label.Type is StringType or EnumType;
        if (text != (_classes is { Kind: ClassKind.Text }) || !text && !NumberReader.CanRead(label.Type))
            throw TrainingErrors.EvaluationLabel(label.Type, _classes is { Kind: ClassKind.Text } ? "text" : "a number or boolean");
        if (!text)
        {
            NumberReader.Read(label, start, into);
            if (_classes is null) return;
            double[] classNumbers = label.Type is FloatType { Bits: 32 } ? _classSingles : _classNumbers;
            foreach (ref double value in into)
            {
                if (double.IsNaN(value)) continue;
                int found = Array.BinarySearch(classNumbers, value + 0.0);
                value = found >= 0 ? found : throw TrainingErrors.UnknownClass(value.ToString("R", CultureInfo.InvariantCulture), _classes.Values);
            }
            return;
        }
        for (int row = 0; row < into.Length; row++) into[row] = label.IsValid(start + row) ? TextClass(label, start + row) : double.NaN;
    }

    private int TextClass(ColumnView label, int row)
    {
        ReadOnlySpan<byte> utf8 = label.Type is EnumType type ? Encoding.UTF8.GetBytes(type.Values[EnumReader.Index(label, type, row)]) : label.Text(row);
        // The classes ascend by their bytes.
        for (int from = 0, to = _classTexts.Length; from < to;)
        {
            int middle = (from + to) / 2, order = utf8.SequenceCompareTo(_classTexts[middle]);
            if (order == 0) return middle;
            (from, to) = order < 0 ? (from, middle) : (middle + 1, to);
        }
        throw TrainingErrors.UnknownClass(Encoding.UTF8.GetString(utf8), _classes!.Values);
    }
}
