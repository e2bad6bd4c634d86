using System.Collections.Immutable;

namespace MlSql.Models.Onnx;

/// <summary>An ONNX file as our own reader found it sound: one self-contained graph and what must be known of it before a runtime sees it.</summary>
/// <param name="Bytes">The whole model; data that lay in side files stands within.</param>
/// <param name="Inputs">What the caller feeds: graph inputs without an initialiser of their name, in the graph's order.</param>
/// <param name="Outputs">In the graph's order; at least one.</param>
/// <param name="IrVersion">ONNX's IR version.</param>
/// <param name="Opsets">Operator set version by domain; the standard domain is "".</param>
/// <param name="Producer">Producer's name and version as the file gives them; may be empty.</param>
/// <param name="Nodes">Nodes in the graph and all graphs within.</param>
/// <param name="Classes">Classes of the last classifier node or ZipMap in the order in which that node lists them; null when there is none.</param>
/// <param name="FeatureNames">Names of the columns of a sole matrix input from the metadata entry feature_names (a JSON list of texts, or texts between commas); empty when there is none.</param>
public sealed record OnnxModel(
    ReadOnlyMemory<byte> Bytes,
    ImmutableArray<GraphValue> Inputs,
    ImmutableArray<GraphValue> Outputs,
    long IrVersion,
    ImmutableSortedDictionary<string, long> Opsets,
    string Producer,
    int Nodes,
    ClassLabels? Classes,
    ImmutableArray<string> FeatureNames);
