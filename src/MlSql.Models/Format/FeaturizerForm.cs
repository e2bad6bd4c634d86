using System.Collections.Immutable;
using System.Diagnostics;
using MlSql.Models.Featurizers;

namespace MlSql.Models.Format;

/// <summary>The stored form of the featurizers.</summary>
internal static class FeaturizerForm
{
    // A kind, a feature, an empty path and one number.
    private const int LeastBytes = 1 + 3 * sizeof(uint);

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
            RawFeaturizer => 4,
            LevelFeaturizer => 5,
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
            case RawFeaturizer raw:
                writer.Count(raw.Columns);
                break;
            case LevelFeaturizer level:
                writer.Count(level.Levels.Length);
                foreach (string text in level.Levels) writer.Text(text);
                break;
        }
    }

    private static Featurizer Read(ref FormatReader reader)
    {
        byte kind = reader.Byte();
        int feature = reader.Index();
        int depth = reader.Count(sizeof(uint));
        var path = ImmutableArray.CreateBuilder<int>(depth);
        for (int i = 0; i < depth; i++) path.Add(reader.Index());
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
            case 4:
                return new RawFeaturizer(feature, fields, reader.Index());
            case 5:
                return new LevelFeaturizer(feature, fields, SignatureForm.ReadTexts(ref reader));
            default:
                throw ModelErrors.Malformed($"unknown featurizer {kind}");
        }
    }
}
