using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;

namespace MlSql.Training.Metrics;

/// <summary>Reads true labels as numbers: the label itself, or the index of its class where there are <paramref name="classes"/>.</summary>
internal sealed class LabelReader(ClassLabels? classes)
{
    private readonly byte[][] _texts = classes is { Kind: ClassKind.Text } ? [.. classes.Values.Select(Encoding.UTF8.GetBytes)] : [];
    private readonly double[] _numbers = classes is { Kind: not ClassKind.Text } ? [.. classes.Values.Select(v => v == "true" ? 1 : v == "false" ? 0 : double.Parse(v, CultureInfo.InvariantCulture))] : [];
    private double[]? _singles;

    /// <summary>Writes rows <paramref name="start"/> …; NaN for NULL. Throws <see cref="CodedException"/> MLS3020 for a column of another kind, MLS3019 for a label that is none of the classes.</summary>
    public void Read(ColumnView label, int start, Span<double> into)
    {
        bool text = label.Type is StringType or EnumType;
        if (text != (classes is { Kind: ClassKind.Text }) || !text && !NumberReader.CanRead(label.Type))
            throw TrainingErrors.EvaluationLabel(label.Type, classes is { Kind: ClassKind.Text } ? "text" : "a number or boolean");
        if (text)
        {
            for (int row = 0; row < into.Length; row++) into[row] = label.IsValid(start + row) ? TextClass(label, start + row) : double.NaN;
            return;
        }
        NumberReader.Read(label, start, into);
        if (classes is null) return;
        double[] numbers = label.Type is FloatType { Bits: 32 } ? _singles ??= [.. _numbers.Select(v => (double)(float)v)] : _numbers;
        foreach (ref double value in into)
        {
            if (double.IsNaN(value)) continue;
            int found = Array.BinarySearch(numbers, value + 0.0);
            value = found >= 0 ? found : throw TrainingErrors.UnknownClass(value.ToString("R", CultureInfo.InvariantCulture), classes.Values);
        }
    }

    private int TextClass(ColumnView label, int row)
    {
        ReadOnlySpan<byte> utf8 = label.Type is EnumType type ? Encoding.UTF8.GetBytes(type.Values[EnumReader.Index(label, type, row)]) : label.Text(row);
        // The classes ascend by their bytes.
        for (int from = 0, to = _texts.Length; from < to;)
        {
            int middle = (from + to) / 2, order = utf8.SequenceCompareTo(_texts[middle]);
            if (order == 0) return middle;
            (from, to) = order < 0 ? (from, middle) : (middle + 1, to);
        }
        throw TrainingErrors.UnknownClass(Encoding.UTF8.GetString(utf8), classes!.Values);
    }
}
