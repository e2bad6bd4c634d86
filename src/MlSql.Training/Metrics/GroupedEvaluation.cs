using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;

namespace MlSql.Training.Metrics;

/// <summary>
/// Metrics of groups of rows. Batches have these columns: the group's number (BIGINT, all 0 without groups), the score (DOUBLE), the label, the weight (DOUBLE) where there is one, then the grouping columns as text.
/// </summary>
/// <param name="signature">Of the model that is measured.</param>
/// <param name="threshold">A probability of at least this says the positive class.</param>
/// <param name="weighted">Whether there is a weight column.</param>
/// <param name="by">Names and types of the grouping columns.</param>
public sealed class GroupedEvaluation(ModelSignature signature, double threshold, bool weighted, ImmutableArray<Field> by)
{
    private const int MaxGroups = 10_000;
    private readonly SortedDictionary<long, Group> _groups = [];

    /// <summary>Takes a batch. Throws <see cref="CodedException"/> MLS3023 above 10,000 groups, and what <see cref="Evaluation"/> throws.</summary>
    public void Append(ReadOnlySpan<ColumnView> columns, int rows)
    {
        var weight = weighted ? columns[3] : null;
        if (by.IsEmpty)
        {
            if (rows > 0) At(0, columns, 0).Metrics.Append(columns[1], columns[2], weight, 0, rows);
            return;
        }
        var part = columns[0].Values<long>();
        for (int start = 0, end; start < rows; start = end)
        {
            end = start + 1;
            while (end < rows && part[end] == part[start]) end++;
            At(part[start], columns, start).Metrics.Append(columns[1], columns[2], weight, start, end - start);
        }
    }

    /// <summary>One row a group, in the order of their numbers: the grouping columns, then the metrics. Values are null, string, long, bool or double. Without groups there is always one row.</summary>
    public ImmutableArray<ImmutableArray<object?>> Finish()
    {
        if (_groups.Count == 0 && by.IsEmpty) At(0, [], 0);
        return [.. _groups.Values.Select(group => ImmutableArray.Create<object?>([.. group.By, .. group.Metrics.Finish().Select(m => (object?)m.Value)]))];
    }

    private Group At(long number, ReadOnlySpan<ColumnView> columns, int row)
    {
        if (_groups.TryGetValue(number, out var found)) return found;
        if (_groups.Count == MaxGroups) throw TrainingErrors.Groups(MaxGroups);
        var values = ImmutableArray.CreateBuilder<object?>();
        for (int i = 0; i < by.Length; i++)
        {
            var view = columns[(weighted ? 4 : 3) + i];
            values.Add(view.IsValid(row) ? Value(Encoding.UTF8.GetString(view.Text(row)), by[i].Type) : null);
        }
        return _groups[number] = new Group(values.ToImmutable(), new Evaluation(signature.Classes is null ? ModelTask.Regression : ModelTask.Classification, signature.Classes, threshold));
    }

    // Numbers and booleans are printed as such; the engine casts what is left from its text.
    private static object Value(string text, DataType type) => type switch
    {
        BooleanType => text == "true",
        IntegerType { Bits: <= 32 } or IntegerType { Bits: 64, Signed: true } => long.Parse(text, CultureInfo.InvariantCulture),
        FloatType when text.EndsWith("inf", StringComparison.Ordinal) => text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
        FloatType => double.Parse(text, CultureInfo.InvariantCulture),
        _ => text,
    };

    private sealed record Group(ImmutableArray<object?> By, Evaluation Metrics);
}
