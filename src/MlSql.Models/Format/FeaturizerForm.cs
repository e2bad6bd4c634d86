using System.Collections.Immutable;
using System.Diagnostics;
using MlSql.Models.Featurizers;

namespace MlSql.Models.Format;

/// <summary>The stored form of the featurizers.</summary>
internal static class FeaturizerForm
{
    private const int LeastBytes = 14;

    public static void Write(FormatWriter writer, ImmutableArray<Featurizer> featurizers)
    {
        writer.Count(featurizers.Length);
        foreach (Featurizer featurizer in featurizers) Write(writer, featurizer);
    }

    public static ImmutableArray<Featurizer> ReadAll(ref FormatReader reader)
    {
        int count = reader.Count(LeastBytes);
        var featurizers = ImmutableArray.CreateBuilder<Featurizer>(count);
        for (int i = 0; i < count; i++) featurizers.Add(Read(ref reader));
        return featurizers.MoveToImmutable();
    }

    private static void Write(FormatWriter writer, Featurizer featurizer)
    {
        writer.Byte(featurizer switch
        {
            NumericFeaturizer => 0,
            NumberListFeaturizer => 1,
            OneHotFeaturizer => 2,
            CalendarFeaturizer => 3,
            _ => throw new UnreachableException(featurizer.GetType().Name),
        });
        writer.Count(featurizer.Feature);
        writer.Count(featurizer.Path.Length);
        foreach (int field in featurizer.Path) writer.Count(field);
        switch (featurizer)
        {
            case NumericFeaturizer numeric:
                writer.Real(numeric.Mean);
                writer.Real(numeric.Scale);
                break;
            case NumberListFeaturizer list:
                writer.Reals(list.Means.AsSpan());
                writer.Reals(list.Scales.AsSpan());
                break;
            case OneHotFeaturizer oneHot:
                writer.Flag(oneHot.NullLevel);
                writer.Count(oneHot.Levels.Length);
                foreach (string level in oneHot.Levels) writer.Text(level);
                break;
            case CalendarFeaturizer calendar:
                writer.Reals(calendar.Means.AsSpan());
                writer.Reals(calendar.Scales.AsSpan());
                break;
        }
    }

    private static Featurizer Read(ref FormatReader reader)
    {
        byte kind = reader.Byte();
        int feature = Index(reader.Number());
        int depth = reader.Count(sizeof(uint));
        var path = ImmutableArray.CreateBuilder<int>(depth);
        for (int i = 0; i < depth; i++) path.Add(Index(reader.Number()));
        ImmutableArray<int> fields = path.MoveToImmutable();
        switch (kind)
        {
            case 0:
                double mean = reader.Real();
                return new NumericFeaturizer(feature, fields, mean, reader.Real());
            case 1:
                ImmutableArray<double> means = reader.Reals();
                return new NumberListFeaturizer(feature, fields, means, reader.Reals());
            case 2:
                bool nullLevel = reader.Flag();
                return new OneHotFeaturizer(feature, fields, SignatureForm.ReadTexts(ref reader), nullLevel);
            case 3:
                ImmutableArray<double> partMeans = reader.Reals();
                return new CalendarFeaturizer(feature, fields, partMeans, reader.Reals());
            default:
                throw ModelErrors.Malformed($"unknown featurizer {kind}");
        }
    }

    private static int Index(uint value) => value <= int.MaxValue ? (int)value : throw ModelErrors.Malformed($"index {value} is out of range");
}
