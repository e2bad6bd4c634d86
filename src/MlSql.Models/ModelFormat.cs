using System.Collections.Immutable;
using System.Security.Cryptography;
using MlSql.Models.Featurizers;
using MlSql.Models.Format;

namespace MlSql.Models;

/// <summary>
/// The stored form of a model. The same model gives the same bytes everywhere: magic, format number, then the sections signature, featurizers and structure,
/// each with its length; little-endian, doubles as their bits.
/// </summary>
public static class ModelFormat
{
    private const uint Version = 1;
    private const uint SignatureSection = 1;
    private const uint FeaturizerSection = 2;
    private const uint StructureSection = 3;

    private static ReadOnlySpan<byte> Magic => "MlSqlMdl"u8;

    /// <summary>The bytes of a model. MLS5016 when its parts contradict each other.</summary>
    public static byte[] Write(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (ModelCheck.FirstFault(model) is { } fault) throw ModelErrors.Unwritable(fault);
        FormatWriter writer = new();
        writer.Raw(Magic);
        writer.Number(Version);
        writer.Section(SignatureSection, body => SignatureForm.Write(body, model.Signature));
        writer.Section(FeaturizerSection, body => FeaturizerForm.Write(body, model.Featurizers));
        writer.Section(StructureSection, body => StructureForm.Write(body, model.Structure));
        return writer.Written.ToArray();
    }

    /// <summary>
    /// The model of some bytes; what it accepts, <see cref="Write"/> gives back byte by byte. MLS5014 for bytes that are no whole model, MLS5015 for a later format.
    /// Needs memory of a few times the bytes, whatever they say.
    /// </summary>
    public static Model Read(ReadOnlySpan<byte> bytes)
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
        reader.End();

        Model model = new(signature, featurizers, structure);
        return ModelCheck.FirstFault(model) is { } fault ? throw ModelErrors.Malformed(fault) : model;
    }

    /// <summary>The name of a model's content: SHA-256 of its bytes in lower-case hex.</summary>
    public static string ContentHash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
