using System.Collections.Immutable;
using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx;

/// <summary>The outermost fields of a ModelProto.</summary>
internal sealed class ModelParts
{
    private ModelParts() { }

    public Slice? Graph { get; private set; }

    public long IrVersion { get; private set; }

    public ImmutableSortedDictionary<string, long> Opsets { get; private set; } = ImmutableSortedDictionary<string, long>.Empty;

    public string Producer { get; private set; } = "";

    public List<Slice> Functions { get; } = [];

    public Slice? FeatureNames { get; private set; }

    /// <summary>Reads them; a model that is cut and one that something follows are told apart here.</summary>
    public static ModelParts Read(ModelFile file)
    {
        ModelParts parts = new();
        Slice name = default, version = default;
        ImmutableSortedDictionary<string, long>.Builder opsets = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        ProtobufReader fields = file.Fields(new(0, file.Bytes.Length));
        try
        {
            while (fields.Next())
            {
                switch (fields.Number, fields.Wire)
                {
                    case (1, WireType.Varint): parts.IrVersion = (long)fields.Value; break;
                    case (2, WireType.Bytes): name = fields.Content; break;
                    case (3, WireType.Bytes): version = fields.Content; break;
                    case (MessageSchema.ModelGraph, WireType.Bytes): parts.Graph = fields.Content; break;
                    case (8, WireType.Bytes): AddOpset(file, fields.Content, opsets); break;
                    case (14, WireType.Bytes): parts.AddMetadata(file, fields.Content); break;
                    case (MessageSchema.ModelFunctions, WireType.Bytes): parts.Functions.Add(fields.Content); break;
                }
                if (parts.Functions.Count > file.Limits.Nodes) throw file.Errors.NodeCount(file.Limits.Nodes);
            }
        }
        catch (MalformedProtobufException) when (parts.Graph is not null && fields.Number is 0 or (> 8 and not (14 or 20 or 25 or 26)))
        {
            throw file.Errors.Trailing(fields.Start, file.Bytes.Length);
        }
        catch (MalformedProtobufException malformed) when (parts.Graph is null)
        {
            throw file.Errors.Incomplete(file.Bytes.Length, FileKind.IsText(file.Span) ? "it looks like text" : $"there is no whole graph in it; at byte {malformed.Offset} {malformed.Message}");
        }
        parts.Opsets = opsets.ToImmutable();
        parts.Producer = $"{file.Text(name, "The producer's name")} {file.Text(version, "The producer's version")}".Trim();
        return parts;
    }

    private static void AddOpset(ModelFile file, Slice message, ImmutableSortedDictionary<string, long>.Builder opsets)
    {
        (Slice domain, long version) = OpsetFields.Read(file, message);
        string name = file.Text(domain, "The name of an operator domain");
        if (name == "ai.onnx") name = "";
        opsets[name] = version;
        if (opsets.Count > file.Limits.Nodes) throw file.Errors.NameCount(file.Limits.Nodes);
    }

    private void AddMetadata(ModelFile file, Slice message)
    {
        (Slice key, Slice value) = TextPair.Read(file, message);
        if (key.Of(file.Span).SequenceEqual("feature_names"u8)) FeatureNames = value;
    }
}
