using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;

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
    private readonly GrowingDoubles _predictions = new();
    private readonly GrowingDoubles _labels = new();
    private readonly GrowingDoubles _weights = new();
    private bool _weighted;

    /// <summary>Prepares the metrics of a task; a probability of at least <paramref name="threshold"/> says the positive class.</summary>
    public Evaluation(ModelTask task, ClassLabels? classes, double threshold)
    {
        if (task == ModelTask.Classification != classes is not null) throw new ArgumentException("Classes belong to classification.", nameof(classes));
        _classes = classes;
        _threshold = threshold;
        if (classes is null) return;
        if (classes.Values.Length != 2) throw TrainingErrors.TooManyClasses("the model", classes.Values.Length.ToString(CultureInfo.InvariantCulture), 2);
        if (classes.Kind == ClassKind.Text) _classTexts = [.. classes.Values.Select(Encoding.UTF8.GetBytes)];
        else _classNumbers = [.. classes.Values.Select(v => classes.Kind == ClassKind.Boolean ? (v == "true" ? 1 : 0) : double.Parse(v, CultureInfo.InvariantCulture))];
    }

    /// <summary>Rows taken so far.</summary>
    public long Rows => _labels.Count;

    /// <summary>Rows left out because their label or their prediction was NULL.</summary>
    public long RowsLeftOut { get; private set; }

    /// <summary>
    /// Takes a batch: the predicted value (regression) or the probability of the positive class as DOUBLE, the true label of any type of the label's kind, and the weights (DOUBLE) or null.
    /// Rows whose label or prediction is NULL are left out and counted. Throws MLS3019, MLS3020 for a label that is none of the classes, MLS3015 for a weight below 0.
    /// </summary>
    public void Append(ColumnView prediction, ColumnView label, ColumnView? weight) => Append(prediction, label, weight, 0, prediction.Length);

    /// <summary>Takes rows <paramref name="start"/> … of a batch, as <see cref="Append(ColumnView, ColumnView, ColumnView?)"/> does.</summary>
    public void Append(ColumnView prediction, ColumnView label, ColumnView? weight, int start, int rows)
    {
        int before = _labels.Count;
        Span<double> predictions = _predictions.Grow(rows), labels = _labels.Grow(rows);
        NumberReader.Read(prediction, start, predictions);
        ReadLabels(label, start, labels);
        if (weight is not null && !_weighted)
        {
            _weighted = true;
            _weights.Grow(before).Fill(1);
        }
        Span<double> weights = _weighted ? _weights.Grow(rows) : [];
        if (weight is not null) NumberReader.Read(weight, start, weights);
        else weights.Fill(1);

        int kept = 0;
        for (int row = 0; row < rows; row++)
        {
            if (double.IsNaN(labels[row]) || double.IsNaN(predictions[row])) continue;
            if (!double.IsFinite(labels[row]) || !double.IsFinite(predictions[row])) throw TrainingErrors.InfinitePrediction(double.IsFinite(labels[row]) ? "the prediction" : "the label");
            (predictions[kept], labels[kept]) = (predictions[row], labels[row]);
            if (_weighted)
            {
                if (!(weights[row] >= 0) || double.IsInfinity(weights[row])) throw TrainingErrors.Weight(double.IsNaN(weights[row]) ? "NULL" : weights[row].ToString(CultureInfo.InvariantCulture));
                weights[kept] = weights[row];
            }
            kept++;
        }
        RowsLeftOut += rows - kept;
        _predictions.Shrink(rows - kept);
        _labels.Shrink(rows - kept);
        if (_weighted) _weights.Shrink(rows - kept);
    }

    /// <summary>The metrics.</summary>
    public ImmutableArray<Metric> Finish()
    {
        using BlockCrew crew = new(1);
        return _classes is null
            ? RegressionMetrics.Of(_predictions.Values, _labels.Values, _weights.Values, crew, default)
            : BinaryMetrics.Of(_predictions.Values, _labels.Values, _weights.Values, _threshold, crew, default);
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
            foreach (ref double value in into)
            {
                if (double.IsNaN(value)) continue;
                int found = label.Type is FloatType { Bits: 32 } ? IndexOfSingle((float)value) : Array.IndexOf(_classNumbers, value + 0.0);
                value = found >= 0 ? found : throw TrainingErrors.UnknownClass(value.ToString("R", CultureInfo.InvariantCulture), _classes.Values);
            }
            return;
        }
        for (int row = 0; row < into.Length; row++) into[row] = label.IsValid(start + row) ? TextClass(label, start + row) : double.NaN;
    }

    private int IndexOfSingle(float value) => (float)_classNumbers[0] == value ? 0 : (float)_classNumbers[1] == value ? 1 : -1;

    private int TextClass(ColumnView label, int row)
    {
        ReadOnlySpan<byte> utf8 = label.Type is EnumType type ? Encoding.UTF8.GetBytes(type.Values[EnumReader.Index(label, type, row)]) : label.Text(row);
        for (int i = 0; i < _classTexts.Length; i++)
            if (utf8.SequenceEqual(_classTexts[i])) return i;
        throw TrainingErrors.UnknownClass(Encoding.UTF8.GetString(utf8), _classes!.Values);
    }
}
