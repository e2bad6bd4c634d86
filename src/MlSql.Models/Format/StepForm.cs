using System.Collections.Immutable;
using System.Diagnostics;
using MlSql.Models.Onnx.Trees;
using MlSql.Models.Trees;

namespace MlSql.Models.Format;

/// <summary>The form of what a graph does to each element of its outputs.</summary>
internal static class StepForm
{
    /// <summary>A kind.</summary>
    private const int LeastBytes = 1;

    public static void WriteAll(FormatWriter writer, ImmutableArray<ElementStep> steps)
    {
        writer.Count(steps.Length);
        foreach (ElementStep step in steps) Write(writer, step);
    }

    public static ImmutableArray<ElementStep> ReadAll(ref FormatReader reader)
    {
        var steps = ImmutableArray.CreateBuilder<ElementStep>(reader.Count(LeastBytes));
        for (int i = steps.Capacity; i > 0; i--) steps.Add(Read(ref reader));
        return steps.MoveToImmutable();
    }

    private static void Write(FormatWriter writer, ElementStep step)
    {
        switch (step)
        {
            case ArithmeticStep arithmetic:
                writer.Byte(0);
                writer.Byte((byte)arithmetic.Operation);
                writer.Real(arithmetic.Constant);
                writer.Byte((byte)arithmetic.Precision);
                break;
            case CastStep cast:
                writer.Byte(1);
                writer.Byte((byte)cast.To);
                break;
            case ReplaceStep replace:
                writer.Byte(2);
                writer.Real(replace.From);
                writer.Real(replace.With);
                break;
            case TruncateStep:
                writer.Byte(3);
                break;
            default:
                throw new UnreachableException(step.GetType().Name);
        }
    }

    private static ElementStep Read(ref FormatReader reader)
    {
        byte kind = reader.Byte();
        return kind switch
        {
            0 => new ArithmeticStep((ElementOperation)reader.Byte(), reader.Real(), (TreePrecision)reader.Byte()),
            1 => new CastStep((TreePrecision)reader.Byte()),
            2 => new ReplaceStep(reader.Real(), reader.Real()),
            3 => new TruncateStep(),
            _ => throw ModelErrors.Malformed($"unknown step of a recognised graph {kind}"),
        };
    }
}
