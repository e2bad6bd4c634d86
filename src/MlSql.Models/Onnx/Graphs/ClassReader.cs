using System.Collections.Immutable;
using System.Globalization;
using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Graphs;

/// <summary>Finds the classes of a graph: those of its last node of ONNX-ML that lists some.</summary>
internal static class ClassReader
{
    // LinearClassifier and SVMClassifier call theirs classlabels_ints.
    private static readonly string[] IntegerLists = ["classlabels_int64s", "classlabels_ints"];

    public static ClassLabels? Read(ModelFile file, GraphBody body)
    {
        for (int i = body.Nodes.Count - 1; i >= 0; i--)
        {
            NodeFields node = NodeFields.Read(file, body.Nodes[i]);
            if (node.Domain.Of(file.Span).SequenceEqual("ai.onnx.ml"u8) && Of(file, new AttributeTable(file, node)) is { } classes) return classes;
        }
        return null;
    }

    private static ClassLabels? Of(ModelFile file, AttributeTable attributes)
    {
        ImmutableArray<string>.Builder values = ImmutableArray.CreateBuilder<string>();
        foreach (string name in IntegerLists)
        {
            foreach (long value in attributes.IntegersOf(name)) Add(value.ToString(CultureInfo.InvariantCulture));
            if (values.Count > 0) return new(ClassKind.Integer, values.ToImmutable());
        }
        foreach (Slice value in attributes.TextsOf("classlabels_strings")) Add(file.Text(value, "A class"));
        return values.Count > 0 ? new(ClassKind.Text, values.ToImmutable()) : null;

        void Add(string value)
        {
            if (values.Count == file.Limits.Names) throw file.Errors.NameCount(file.Limits.Names);
            values.Add(value);
        }
    }
}
