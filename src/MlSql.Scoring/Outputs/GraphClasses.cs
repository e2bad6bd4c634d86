using System.Collections.Immutable;
using System.Globalization;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Scoring.Featurizers;
using MlSql.Scoring.Onnx;

namespace MlSql.Scoring.Outputs;

/// <summary>Finds a classifier's labels and probabilities among a graph's outputs, by the ascending order of the classes.</summary>
internal sealed class GraphClasses
{
    private readonly ImmutableArray<int> _order;
    private readonly Dictionary<long, int> _numbers = [];
    private readonly LevelTable _texts;

    public GraphClasses(ClassLabels classes, ImmutableArray<int> order)
    {
        Count = classes.Values.Length;
        _order = order;
        _texts = new LevelTable(classes.Kind == ClassKind.Text ? classes.Values.AsSpan() : []);
        if (classes.Kind == ClassKind.Text) return;
        for (int i = 0; i < Count; i++) _numbers.TryAdd(long.Parse(classes.Values[i], CultureInfo.InvariantCulture), i);
    }

    public int Count { get; }

    /// <summary>Writes the probabilities of all classes, row after row; NaN for a class that a row's map does not have.</summary>
    public void Probabilities(GraphColumn column, int rows, Span<double> into)
    {
        switch (column)
        {
            case ValueColumn c:
                for (int i = 0; i < Count; i++) Pick(c.Values, _order[i], into[i..], Count, rows);
                break;
            case MapColumn c:
                into.Fill(double.NaN);
                double[] ofEntries = GraphColumnWriter.Doubles(c.Values);
                for (int row = 0; row < rows; row++)
                    for (int entry = c.Offsets[row]; entry < c.Offsets[row + 1]; entry++)
                        if (Index(c.Keys, entry) is >= 0 and var index) into[row * Count + index] = ofEntries[entry];
                break;
            default:
                throw new System.Diagnostics.UnreachableException(column.GetType().Name);
        }
    }

    /// <summary>Writes the probability of one class.</summary>
    public void Probability(GraphColumn column, int index, Span<double> into)
    {
        if (column is ValueColumn c)
        {
            Pick(c.Values, _order[index], into, 1, into.Length);
            return;
        }
        double[] all = new double[into.Length * Count];
        Probabilities(column, into.Length, all);
        for (int row = 0; row < into.Length; row++) into[row] = all[row * Count + index];
    }

    /// <summary>Writes the index of each row's label among the classes; -1 for a label that is none of them.</summary>
    public void Labels(GraphColumn column, Span<int> into)
    {
        var labels = (ValueColumn)column;
        for (int row = 0; row < into.Length; row++) into[row] = Index(labels.Values, labels.BatchWide ? 0 : row);
    }

    // One element of each row, to every step-th place.
    private static void Pick(TensorValues values, int element, Span<double> into, int step, int rows)
    {
        int width = values.Width;
        if (values.Element == TensorElement.Float)
        {
            var from = values.Values<float>();
            for (int row = 0; row < rows; row++) into[row * step] = from[row * width + element];
        }
        else
        {
            var from = values.Values<double>();
            for (int row = 0; row < rows; row++) into[row * step] = from[row * width + element];
        }
    }

    private int Index(TensorValues values, int at)
    {
        if (values.Element == TensorElement.Text) return _texts.Find(values.Text(at)) - 1;
        return _numbers.TryGetValue(values.Values<long>()[at], out int index) ? index : -1;
    }
}
