using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models.Onnx.External;
using MlSql.Models.Onnx.Graphs;
using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx;

/// <summary>
/// Reads ONNX models from anyone: never trusts a length, opens nothing outside the model's folder, and refuses with an MLS70xx <see cref="CodedException"/> what no runtime should see. Time and memory are linear in the bytes.
/// </summary>
public static class OnnxReader
{
    /// <summary>Reads a file and the side files in its folder; the result holds their data. Throws <see cref="CodedException"/>.</summary>
    public static OnnxModel Read(string path, OnnxLimits limits, CancellationToken cancel) => Read(path, Load(path, limits, cancel), limits, cancel);

    /// <summary>The bytes of the file that the user names, of whatever kind it is. Throws <see cref="CodedException"/>.</summary>
    internal static byte[] Load(string path, OnnxLimits limits, CancellationToken cancel) => InputFile.Read(path, limits, new OnnxErrors(path), cancel);

    /// <summary>Reads the model that a file was found to hold.</summary>
    internal static OnnxModel Read(string path, byte[] bytes, OnnxLimits limits, CancellationToken cancel) =>
        Read(new(bytes, limits, new OnnxErrors(path), cancel), Path.GetDirectoryName(Path.GetFullPath(path)) ?? path);

    /// <summary>Reads a model from memory, which is kept and must not change; data in side files are refused. Throws <see cref="CodedException"/>.</summary>
    public static OnnxModel Read(ReadOnlyMemory<byte> bytes, OnnxLimits limits, CancellationToken cancel) =>
        Read(new(bytes, limits, new OnnxErrors("model in memory"), cancel), folder: null);

    private static OnnxModel Read(ModelFile file, string? folder)
    {
        if (file.Bytes.IsEmpty) throw file.Errors.Empty();
        if (file.Bytes.Length > file.Limits.FileBytes) throw file.Errors.Size(file.Bytes.Length, file.Limits.FileBytes);
        FileKind.RefuseOthers(file.Span, file.Errors);
        try
        {
            return Describe(file, folder);
        }
        catch (MalformedProtobufException malformed)
        {
            throw file.Errors.Incomplete(file.Bytes.Length, $"at byte {malformed.Offset} {malformed.Message}");
        }
    }

    private static OnnxModel Describe(ModelFile file, string? folder)
    {
        ModelParts parts = ModelParts.Read(file);
        if (parts.Graph is not { } graph) throw file.Errors.GraphMissing();
        StructureWalk walk = new(file);
        walk.Run();
        GraphBody body = new GraphCheck(file, new(file, parts.Functions)).Run(graph);
        ImmutableArray<GraphValue> outputs = [.. body.OutputValues.Select(value => ValueTypes.Read(file, value, "output"))];
        if (outputs.IsEmpty) throw file.Errors.OutputsMissing();
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (GraphValue output in outputs)
            if (!names.Add(output.Name)) throw file.Errors.OutputTwice(ShownText.Name(output.Name));
        if (parts.IrVersion is < 1 or > RuntimeSupport.IrVersion) throw file.Errors.UnsupportedIr(parts.IrVersion);
        if (parts.Opsets.IsEmpty) throw file.Errors.OpsetMissing("ai.onnx");
        foreach ((string domain, long version) in parts.Opsets)
            if (version < 1 && RuntimeSupport.Opset(domain) is not null) throw file.Errors.OpsetMissing(ShownText.Name(domain.Length == 0 ? "ai.onnx" : domain));
        ImmutableArray<GraphValue> inputs =
        [
            .. body.Inputs.Where(value => body.Producers.GetValueOrDefault(ValueTypes.Parts(file, value).Name) == GraphBody.AnInput).Select(value => ValueTypes.Read(file, value, "input")),
        ];
        return new(
            walk.External.Count == 0 ? file.Bytes : new ExternalData(file, folder).Inline(walk.External), inputs, outputs, parts.IrVersion, parts.Opsets, parts.Producer, walk.Nodes, ClassReader.Read(file, body),
            parts.FeatureNames is { } list ? FeatureNameList.Parse(file.Text(list, "The metadata entry feature_names")) : []);
    }
}
