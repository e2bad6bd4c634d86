using System.Collections.Immutable;
using System.Diagnostics;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx.Trees;
using MlSql.Models.Trees;

namespace MlSql.Models.Format;

/// <summary>The form in which what was recognised of a graph travels to executors. It follows from the graph's bytes, and is never stored.</summary>
internal static class RecognisedForm
{
    // A kind, an empty name and an element or a count.
    private const int LeastOutputBytes = 2 + sizeof(uint);

    public static void Write(FormatWriter writer, RecognisedGraph graph)
    {
        SignatureForm.WriteFeatures(writer, graph.Features);
        WriteNumbers(writer, graph.Required);
        FeaturizerForm.Write(writer, graph.Featurizers);
        TreeForm.Write(writer, graph.Structure);
        writer.Byte((byte)graph.Rule.Form);
        writer.Count(graph.Rule.Divisor);
        writer.Reals(graph.Rule.Bases.AsSpan());
        writer.Byte((byte)graph.Rule.Transform);
        writer.Flag(graph.Rule.AllPositive);
        writer.Byte((byte)graph.Rule.Precision);
        writer.Byte((byte)graph.Rule.Result);
        writer.Count(graph.Rule.Steps.Length);
        foreach (ImmutableArray<ElementStep> steps in graph.Rule.Steps) StepForm.WriteAll(writer, steps);
        writer.Count(graph.Outputs.Length);
        foreach (RecognisedOutput output in graph.Outputs) Write(writer, output);
    }

    public static RecognisedGraph Read(ref FormatReader reader)
    {
        ImmutableArray<Feature> features = SignatureForm.ReadFeatures(ref reader, 0);
        ImmutableArray<int> required = ReadNumbers(ref reader);
        ImmutableArray<Featurizer> featurizers = FeaturizerForm.ReadAll(ref reader);
        TreeStructure structure = TreeForm.Read(ref reader);
        ScoreRule rule = new((ScoreForm)reader.Byte(), reader.Index(), reader.Reals(), (PostTransform)reader.Byte(), reader.Flag(), (TreePrecision)reader.Byte(), (TreePrecision)reader.Byte());
        var scores = ImmutableArray.CreateBuilder<ImmutableArray<ElementStep>>(reader.Count(sizeof(uint)));
        for (int i = scores.Capacity; i > 0; i--) scores.Add(StepForm.ReadAll(ref reader));
        rule = rule with { Steps = scores.MoveToImmutable() };
        var outputs = ImmutableArray.CreateBuilder<RecognisedOutput>(reader.Count(LeastOutputBytes));
        for (int i = outputs.Capacity; i > 0; i--) outputs.Add(ReadOutput(ref reader));
        return new(features, required, featurizers, structure, rule, outputs.MoveToImmutable());
    }

    private static void Write(FormatWriter writer, RecognisedOutput output)
    {
        switch (output)
        {
            case LabelOutput label:
                writer.Byte(0);
                writer.Text(label.Name);
                writer.Byte((byte)label.Element);
                SignatureForm.WriteTexts(writer, label.Classes);
                break;
            case ValuesOutput values:
                writer.Byte(1);
                writer.Text(values.Name);
                writer.Byte((byte)values.Element);
                WriteNumbers(writer, values.Values);
                StepForm.WriteAll(writer, values.Steps);
                SignatureForm.WriteClasses(writer, values.Keys);
                break;
            default:
                throw new UnreachableException(output.GetType().Name);
        }
    }

    private static RecognisedOutput ReadOutput(ref FormatReader reader)
    {
        byte kind = reader.Byte();
        string name = reader.Text();
        var element = GraphForm.ReadElement(ref reader);
        switch (kind)
        {
            case 0:
                return new LabelOutput(name, element, SignatureForm.ReadTexts(ref reader));
            case 1:
                ImmutableArray<int> values = ReadNumbers(ref reader);
                return new ValuesOutput(name, element, values, StepForm.ReadAll(ref reader), SignatureForm.ReadClasses(ref reader));
            default:
                throw ModelErrors.Malformed($"unknown output of a recognised graph {kind}");
        }
    }

    private static void WriteNumbers(FormatWriter writer, ImmutableArray<int> numbers)
    {
        writer.Count(numbers.Length);
        foreach (int number in numbers) writer.Count(number);
    }

    private static ImmutableArray<int> ReadNumbers(ref FormatReader reader)
    {
        var numbers = ImmutableArray.CreateBuilder<int>(reader.Count(sizeof(uint)));
        for (int i = numbers.Capacity; i > 0; i--) numbers.Add(reader.Index());
        return numbers.MoveToImmutable();
    }
}
