using System.Collections.Immutable;
using System.Security.Cryptography;
using MlSql.Models.Featurizers;
using MlSql.Models.Format;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Trees;

namespace MlSql.Models;

/// <summary>
/// The stored form of a model. The same model gives the same bytes everywhere: magic, format number, then the sections signature, featurizers and structure,
/// each with its length; little-endian, doubles as their bits. Beside it the form in which models travel to whoever only scores them: a graph that was recognised goes there as its trees, in a
/// fourth section, and without its bytes.
/// </summary>
public static class ModelFormat
{
    private const uint Version = 1;
    private const uint SignatureSection = 1;
    private const uint FeaturizerSection = 2;
    private const uint StructureSection = 3;
    private const uint RecognisedSection = 4;

    private static ReadOnlySpan<byte> Magic => "MlSqlMdl"u8;

    /// <summary>The bytes of a model. MLS5016 when its parts contradict each other.</summary>
    public static byte[] Write(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Write(model, null);
    }

    /// <summary>The bytes for whoever scores the model and nothing else: those of <see cref="Write(Model)"/>, but a recognised graph as its trees and outputs, without the graph. MLS5016 when its parts contradict each other.</summary>
    public static byte[] WriteForScoring(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Structure is GraphStructure { Recognised: { } recognised } graph ? Write(model with { Structure = graph with { Graph = [] } }, recognised) : Write(model, null);
    }

    /// <summary>
    /// The model of some bytes; what it accepts, <see cref="Write(Model)"/> gives back byte by byte. MLS5014 for bytes that are no whole model, MLS5015 for a later format.
    /// Needs memory of a few times the bytes, whatever they say.
    /// </summary>
    public static Model Read(ReadOnlySpan<byte> bytes) => Read(bytes, mayBeRecognised: false);

    /// <summary>The model of bytes that <see cref="WriteForScoring"/> gave, and gives again for it. A recognised graph has no bytes here, but <see cref="GraphStructure.Recognised"/>. Errors as of <see cref="Read(ReadOnlySpan{byte})"/>.</summary>
    public static Model ReadForScoring(ReadOnlySpan<byte> bytes) => Read(bytes, mayBeRecognised: true);

    /// <summary>The name of a model's content: SHA-256 of its bytes in lower-case hex.</summary>
    public static string ContentHash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Write(Model model, RecognisedGraph? recognised)
    {
        if (FirstFault(model, recognised) is { } fault) throw ModelErrors.Unwritable(fault);
        FormatWriter writer = new();
        writer.Raw(Magic);
        writer.Number(Version);
        writer.Section(SignatureSection, body => SignatureForm.Write(body, model.Signature));
        writer.Section(FeaturizerSection, body => FeaturizerForm.Write(body, model.Featurizers));
        writer.Section(StructureSection, body => StructureForm.Write(body, model.Structure));
        if (recognised is not null) writer.Section(RecognisedSection, body => RecognisedForm.Write(body, recognised));
        return writer.Written.ToArray();
    }

    private static Model Read(ReadOnlySpan<byte> bytes, bool mayBeRecognised)
    {
        FormatReader reader = new(bytes);
        if (!reader.Take(Magic.Length).SequenceEqual(Magic)) throw ModelErrors.Malformed("the first bytes are not those of a model");
        uint version = reader.Number();
        if (version > Version) throw ModelErrors.ModelTooNew(version);
        if (version != Version) throw ModelErrors.Malformed($"unknown format {version}");

        FormatReader section = reader.Section(SignatureSection);
        ModelSignature signature = SignatureForm.Read(ref section);
        section.End();
        section = reader.Section(FeaturizerSection);
        ImmutableArray<Featurizer> featurizers = FeaturizerForm.ReadAll(ref section);
        section.End();
        section = reader.Section(StructureSection);
        ModelStructure structure = StructureForm.Read(ref section);
        section.End();
        RecognisedGraph? recognised = null;
        if (mayBeRecognised && reader.Left > 0)
        {
            if (structure is not GraphStructure { Graph.IsEmpty: true } graph) throw ModelErrors.Malformed("what was recognised of a graph stands beside another structure");
            section = reader.Section(RecognisedSection);
            recognised = RecognisedForm.Read(ref section);
            section.End();
            structure = graph with { Recognition = Recognition.Of(recognised) };
        }
        reader.End();

        Model model = new(signature, featurizers, structure);
        return FirstFault(model, recognised) is { } fault ? throw ModelErrors.Malformed(fault) : model;
    }

    private static string? FirstFault(Model model, RecognisedGraph? recognised) =>
        ModelCheck.FirstFault(model) ?? (recognised is null ? null : RecognisedCheck.FirstFault(recognised, (GraphStructure)model.Structure, model.Signature));
}
