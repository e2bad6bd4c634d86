using System.Collections.Immutable;
using System.Diagnostics;
using MlSql.Models.Onnx;
using MlSql.Models.Trees;

namespace MlSql.Models.Format;

/// <summary>The stored form of what computes the score.</summary>
internal static class StructureForm
{
    public static void Write(FormatWriter writer, ModelStructure structure)
    {
        switch (structure)
        {
            case LinearStructure linear:
                writer.Byte(0);
                writer.Byte((byte)linear.Link);
                writer.Real(linear.Intercept);
                writer.Reals(linear.Weights.AsSpan());
                break;
            case GraphStructure graph:
                writer.Byte(1);
                GraphForm.Write(writer, graph);
                break;
            case TreeStructure trees:
                writer.Byte(2);
                TreeForm.Write(writer, trees);
                break;
            default:
                throw new UnreachableException(structure.GetType().Name);
        }
    }

    public static ModelStructure Read(ref FormatReader reader)
    {
        byte kind = reader.Byte();
        return kind switch
        {
            0 => ReadLinear(ref reader),
            1 => GraphForm.Read(ref reader),
            2 => TreeForm.Read(ref reader),
            _ => throw ModelErrors.Malformed($"unknown structure {kind}"),
        };
    }

    private static LinearStructure ReadLinear(ref FormatReader reader)
    {
        byte link = reader.Byte();
        if (link > (byte)Link.Logistic) throw ModelErrors.Malformed($"unknown link {link}");
        double intercept = reader.Real();
        ImmutableArray<double> weights = reader.Reals();
        return new(weights, intercept, (Link)link);
    }
}
