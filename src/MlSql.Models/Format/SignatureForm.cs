using System.Collections.Immutable;
using System.Diagnostics;

namespace MlSql.Models.Format;

/// <summary>The stored form of a signature.</summary>
internal static class SignatureForm
{
    public const int MaxDepth = 64;
    private const int LeastFeatureBytes = 5;
    private static readonly NumberFeature Number = new();
    private static readonly BooleanFeature Boolean = new();
    private static readonly TextFeature Text = new();
    private static readonly DateFeature Date = new();
    private static readonly InstantFeature Instant = new();
    private static readonly LocalTimeFeature LocalTime = new();

    public static void Write(FormatWriter writer, ModelSignature signature)
    {
        WriteFeatures(writer, signature.Features);
        writer.Text(signature.Label);
        writer.Byte((byte)signature.Task);
        WriteClasses(writer, signature.Classes);
    }

    public static ModelSignature Read(ref FormatReader reader)
    {
        ImmutableArray<Feature> features = ReadFeatures(ref reader, 0);
        string label = reader.Text();
        ModelTask task = reader.Byte() switch
        {
            (byte)ModelTask.Regression => ModelTask.Regression,
            (byte)ModelTask.Classification => ModelTask.Classification,
            (byte)ModelTask.Graph => ModelTask.Graph,
            (byte)ModelTask.Booster => ModelTask.Booster,
            byte other => throw ModelErrors.Malformed($"unknown task {other}"),
        };
        return new(features, label, task, ReadClasses(ref reader));
    }

    public static void WriteClasses(FormatWriter writer, ClassLabels? classes)
    {
        writer.Flag(classes is not null);
        if (classes is null) return;
        writer.Byte((byte)classes.Kind);
        WriteTexts(writer, classes.Values);
    }

    public static ClassLabels? ReadClasses(ref FormatReader reader)
    {
        if (!reader.Flag()) return null;
        byte kind = reader.Byte();
        if (kind > (byte)ClassKind.Boolean) throw ModelErrors.Malformed($"unknown kind of classes {kind}");
        return new((ClassKind)kind, ReadTexts(ref reader));
    }

    public static void WriteTexts(FormatWriter writer, ImmutableArray<string> texts)
    {
        writer.Count(texts.Length);
        foreach (string text in texts) writer.Text(text);
    }

    public static ImmutableArray<string> ReadTexts(ref FormatReader reader)
    {
        int count = reader.Count(sizeof(uint));
        var texts = ImmutableArray.CreateBuilder<string>(count);
        for (int i = 0; i < count; i++) texts.Add(reader.Text());
        return texts.MoveToImmutable();
    }

    public static void WriteFeatures(FormatWriter writer, ImmutableArray<Feature> features)
    {
        writer.Count(features.Length);
        foreach (Feature feature in features)
        {
            writer.Text(feature.Name);
            WriteType(writer, feature.Type);
        }
    }

    private static void WriteType(FormatWriter writer, FeatureType type)
    {
        writer.Byte(type switch
        {
            NumberFeature => 0,
            BooleanFeature => 1,
            TextFeature => 2,
            DateFeature => 3,
            InstantFeature => 4,
            LocalTimeFeature => 5,
            NumberListFeature => 6,
            StructFeature => 7,
            TensorFeature => 8,
            TensorListFeature => 9,
            _ => throw new UnreachableException(type.GetType().Name),
        });
        if (type is NumberListFeature list) writer.Count(list.Length);
        if (type is StructFeature structure) WriteFeatures(writer, structure.Fields);
        if (type is TensorFeature tensor) writer.Byte((byte)tensor.Element);
        if (type is TensorListFeature tensors)
        {
            writer.Byte((byte)tensors.Element);
            writer.Count(tensors.Length);
        }
    }

    public static ImmutableArray<Feature> ReadFeatures(ref FormatReader reader, int depth)
    {
        if (depth > MaxDepth) throw ModelErrors.Malformed($"structs lie deeper than {MaxDepth} in each other");
        int count = reader.Count(LeastFeatureBytes);
        var features = ImmutableArray.CreateBuilder<Feature>(count);
        for (int i = 0; i < count; i++)
        {
            string name = reader.Text();
            features.Add(new(name, ReadType(ref reader, depth)));
        }
        return features.MoveToImmutable();
    }

    private static FeatureType ReadType(ref FormatReader reader, int depth) => reader.Byte() switch
    {
        0 => Number,
        1 => Boolean,
        2 => Text,
        3 => Date,
        4 => Instant,
        5 => LocalTime,
        6 => new NumberListFeature(ReadLength(ref reader)),
        7 => new StructFeature(ReadFeatures(ref reader, depth + 1)),
        8 => new TensorFeature(GraphForm.ReadElement(ref reader)),
        9 => new TensorListFeature(GraphForm.ReadElement(ref reader), ReadLength(ref reader)),
        byte other => throw ModelErrors.Malformed($"unknown feature type {other}"),
    };

    private static int ReadLength(ref FormatReader reader) => reader.Number() is <= int.MaxValue and var length ? (int)length : throw ModelErrors.Malformed("a list of more than 2^31 numbers");
}
