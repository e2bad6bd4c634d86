using System.Collections.Immutable;

namespace MlSql.Models.Onnx.Export;

/// <summary>An ONNX file and what its reader should know: where the graph cannot answer as the model does.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Warnings">One a feature and reason, in the order of the features.</param>
public sealed record OnnxExportResult(ReadOnlyMemory<byte> Bytes, ImmutableArray<OnnxExportWarning> Warnings);

/// <summary>A warning of an export: a code of MLS71xx, what was found, the way out.</summary>
public sealed record OnnxExportWarning(string Code, string Message, string Hint);
