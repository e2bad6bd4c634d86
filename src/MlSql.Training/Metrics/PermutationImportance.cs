using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Training.Kernels;

namespace MlSql.Training.Metrics;

/// <summary>
/// The mean loss of a model on rows as they are, and with the values of one feature exchanged between them (Breiman: Random forests, 2001, §10): log loss of classes, squared error of numbers. Memory is a sum a feature; sums are exact,
/// so that the order in which rows come changes no bit.
/// </summary>
/// <param name="signature">Of the model that is measured.</param>
/// <param name="weighted">Whether there is a weight column.</param>
public sealed class PermutationImportance(ModelSignature signature, bool weighted)
{
    private readonly LabelReader _labelReader = new(signature.Classes);
    private readonly MeanLoss?[] _losses = new MeanLoss?[signature.Features.Length + 1];
    private double[] _labels = [];
    private double[] _weights = [];
    private double[] _scores = [];

    /// <summary>The name of the loss, as EVALUATE has it.</summary>
    public string Loss => signature.Classes is null ? "mean_squared_error" : "log_loss";

    /// <summary>Rows that were measured as they are.</summary>
    public long Rows => _losses[0]?.Rows ?? 0;

    /// <summary>
    /// Takes a batch: the label, [the weight as DOUBLE], then a score for each of <paramref name="targets"/> as <see cref="Evaluation"/> takes it: with the values of this feature exchanged, of none for −1. Scores of NULL are left out.
    /// Throws <see cref="CodedException"/> MLS3019, MLS3020 for a label that is none of the classes, MLS3015 for a weight below 0, MLS3021 for numbers that are not finite.
    /// </summary>
    public void Append(ReadOnlySpan<ColumnView> columns, ImmutableArray<int> targets, int rows)
    {
        if (_labels.Length < rows) (_labels, _weights, _scores) = (new double[rows], new double[rows], new double[rows]);
        Span<double> labels = _labels.AsSpan(0, rows), weights = _weights.AsSpan(0, rows), scores = _scores.AsSpan(0, rows);
        _labelReader.Read(columns[0], 0, labels);
        foreach (double label in labels)
            if (double.IsInfinity(label)) throw TrainingErrors.InfinitePrediction("the label");
        weights.Fill(1);
        if (weighted) NumberReader.Read(columns[1], 0, weights);
        foreach (double weight in weights)
            if (!(weight >= 0) || double.IsInfinity(weight)) throw TrainingErrors.Weight(double.IsNaN(weight) ? "NULL" : weight.ToString(CultureInfo.InvariantCulture));
        for (int i = 0; i < targets.Length; i++)
        {
            ReadScores(columns[(weighted ? 2 : 1) + i], labels, scores);
            ToLosses(labels, scores);
            (_losses[targets[i] + 1] ??= new()).Add(scores, weights);
        }
    }

    /// <summary>The loss of the rows as they are, then with each feature's values exchanged; null for a feature that no batch had. Throws <see cref="CodedException"/> MLS3040 when no row could be measured.</summary>
    public ImmutableArray<double?> Finish()
    {
        if (_losses[0]?.Value is null) throw TrainingErrors.NothingToMeasure();
        return [.. _losses.Select(loss => loss?.Value)];
    }

    // The score that meets the label: the number, or the probability of the label's class.
    private void ReadScores(ColumnView column, ReadOnlySpan<double> labels, Span<double> into)
    {
        if (!signature.IsMulticlass)
        {
            NumberReader.Read(column, 0, into);
            if (signature.Classes is null) return;
            for (int row = 0; row < into.Length; row++)
                if (labels[row] == 0) into[row] = 1 - into[row];
            return;
        }
        ColumnView elements = column.Children[0];
        ReadOnlySpan<double> probabilities = elements.Values<double>();
        for (int row = 0; row < into.Length; row++)
        {
            into[row] = double.NaN;
            if (!column.IsValid(row) || double.IsNaN(labels[row])) continue;
            int at = column.List(row).Start + (int)labels[row];
            if (elements.IsValid(at)) into[row] = probabilities[at];
        }
    }

    private void ToLosses(ReadOnlySpan<double> labels, Span<double> scores)
    {
        for (int row = 0; row < scores.Length; row++)
        {
            if (double.IsInfinity(scores[row])) throw TrainingErrors.InfinitePrediction("the prediction");
            if (signature.Classes is null)
            {
                double error = labels[row] - scores[row];
                scores[row] = error * error;
            }
            // NaN takes the place of a number until the logarithms are there.
            else scores[row] = double.IsNaN(scores[row] + labels[row]) ? double.NaN : Math.Min(1 - BinaryMetrics.Clip, Math.Max(BinaryMetrics.Clip, scores[row]));
        }
        if (signature.Classes is null) return;
        Span<double> logs = scores.Length <= 4_096 ? stackalloc double[scores.Length] : new double[scores.Length];
        for (int row = 0; row < logs.Length; row++) logs[row] = double.IsNaN(scores[row]) ? 1 : scores[row];
        Elementary.Log(logs);
        for (int row = 0; row < logs.Length; row++)
            if (!double.IsNaN(scores[row])) scores[row] = -logs[row];
    }

    private sealed class MeanLoss
    {
        private readonly OrderFreeSum _losses = new();
        private readonly OrderFreeSum _weights = new();

        public long Rows { get; private set; }

        public double? Value => _weights.Value is > 0 and var weight ? _losses.Value / weight : null;

        public void Add(ReadOnlySpan<double> losses, ReadOnlySpan<double> weights)
        {
            for (int row = 0; row < losses.Length; row++)
            {
                if (double.IsNaN(losses[row])) continue;
                if (double.IsInfinity(losses[row] * weights[row])) throw TrainingErrors.InfinitePrediction("the squared error");
                _losses.Add(losses[row] * weights[row]);
                _weights.Add(weights[row]);
                Rows++;
            }
        }
    }
}
