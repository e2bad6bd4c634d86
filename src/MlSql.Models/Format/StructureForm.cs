using System.Collections.Immutable;
using System.Diagnostics;

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
            default:
                throw new UnreachableException(structure.GetType().Name);
        }
    }

    public static ModelStructure Read(ref FormatReader reader)
    {
        byte kind = reader.Byte();
        return kind == 0 ? ReadLinear(ref reader) : throw ModelErrors.Malformed($"unknown structure {kind}");
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
