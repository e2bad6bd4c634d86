using System.Diagnostics;
using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;

namespace MlSql.UnitTests.Scoring;

/// <summary>The definitions, word for word and one row at a time. Knows dates of the years 1 to 9999.</summary>
internal static class ReferenceScorer
{
    /// <summary>The score of one row, and the sum of the absolute values of its terms, which bounds rounding errors.</summary>
    public static (double Score, double Size) Score(Model model, TestColumn[] columns, int row)
    {
        var linear = (LinearStructure)model.Structure;
        double score = linear.Intercept, size = Math.Abs(linear.Intercept);
        int at = 0;
        foreach (var featurizer in model.Featurizers)
        {
            var (type, value) = Find(model.Signature, featurizer, columns[featurizer.Feature].Type, columns[featurizer.Feature].Values[row]);
            foreach (double encoded in Encode(featurizer, type, value))
            {
                double weight = linear.Weights[at++];
                if (weight == 0) continue;
                score += weight * encoded;
                size += Math.Abs(weight * encoded);
            }
        }
        return (score, size);
    }

    private static (DataType, object?) Find(ModelSignature signature, Featurizer featurizer, DataType type, object? value)
    {
        var feature = signature.Features[featurizer.Feature].Type;
        foreach (int field in featurizer.Path)
        {
            if (type is NullType) return (type, null);
            var wanted = ((StructFeature)feature).Fields[field];
            int index = ((StructType)type).Fields.ToList().FindIndex(f => f.Name == wanted.Name);
            feature = wanted.Type;
            value = value is object?[] parts ? parts[index] : null;
            type = ((StructType)type).Fields[index].Type;
        }
        return (type, value);
    }

    private static IEnumerable<double> Encode(Featurizer featurizer, DataType type, object? value) => featurizer switch
    {
        NumericFeaturizer n => [Standard(Number(type, value), n.Mean, n.Scale)],
        NumberListFeaturizer l => value is object?[] items
            ? items.Select((item, i) => Standard(Number(ElementOf(type), item), l.Means[i], l.Scales[i]))
            : l.Means.Select(_ => 0.0),
        OneHotFeaturizer h => h.Levels.Select(level => value is string text && Encoding.UTF8.GetBytes(text).SequenceEqual(Encoding.UTF8.GetBytes(level)) ? 1.0 : 0)
            .Concat(h.NullLevel ? [value is null ? 1.0 : 0] : []),
        CalendarFeaturizer c => Moment(type, value) is { } parts ? parts.Select((p, i) => Standard(p, c.Means[i], c.Scales[i])) : c.Means.Select(_ => 0.0),
        _ => throw new UnreachableException(),
    };

    private static double Standard(double value, double mean, double scale) => double.IsNaN(value) || scale == 0 ? 0 : (value - mean) / scale;

    private static DataType ElementOf(DataType type) => type is ListType l ? l.Element : ((ArrayType)type).Element;

    /// <summary>The number nearest to the value, by way of its decimal text.</summary>
    public static double Number(DataType type, object? value) => value switch
    {
        null => double.NaN,
        bool b => b ? 1 : 0,
        float f => f,
        double d => d,
        _ => double.Parse(string.Create(CultureInfo.InvariantCulture, $"{value}e-{(type as DecimalType)?.Scale ?? 0}"), CultureInfo.InvariantCulture),
    };

    private static double[]? Moment(DataType type, object? value)
    {
        if (value is null or int.MaxValue or -int.MaxValue or long.MaxValue or -long.MaxValue) return null;
        var epoch = new DateTime(1970, 1, 1);
        if (type is DateType) return Parts(epoch.AddDays((int)value), (int)value);
        var unit = ((TimestampType)type).Unit;
        decimal microseconds = Math.Floor((long)value * unit switch { TimeUnit.Second => 1_000_000m, TimeUnit.Millisecond => 1_000m, TimeUnit.Microsecond => 1m, _ => 0.001m });
        return Parts(epoch.AddTicks((long)(microseconds * 10)), (double)(microseconds / 86_400_000_000m));
    }

    private static double[] Parts(DateTime time, double days) =>
        [time.Year, time.Month, time.Day, time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek, time.Hour, days];
}
