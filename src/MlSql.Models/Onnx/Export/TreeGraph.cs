using System.Collections.Immutable;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Export;

/// <summary>
/// The graph of a tree ensemble: the encoded columns as one matrix, one ensemble operator that sums up the leaves, and in double the mean, the bases and the link.
/// In 32 bits thresholds are rounded so that every 32-bit number keeps its branch; in 64 bits (ai.onnx.ml 5) nothing is rounded.
/// </summary>
internal static class TreeGraph
{
    public static byte[] Write(Model model, TreeStructure trees, TreePrecision precision)
    {
        if (trees.Trees.Any(tree => !tree.Linear.IsEmpty)) throw ExportErrors.Unsupported("its leaves are linear");
        // Such trees round what they compare, so that more bits would change branches.
        if (trees.Precision == TreePrecision.Single) precision = TreePrecision.Single;
        // ONNX Runtime cuts what it looks up in a set of ai.onnx.ml 5 to whole numbers.
        if (precision == TreePrecision.Double && trees.Trees.Any(tree => tree.Splits.Any(s => s.Test == SplitTest.EqualToAny))) throw ExportErrors.Unsupported("a split of it asks in 64 bits for whole numbers of a set");
        GraphWriter graph = new(precision == TreePrecision.Double ? 5 : 3);
        ImmutableArray<FeatureInput> inputs = GraphInputs.Of(model.Signature);
        GraphInputs.Declare(graph, inputs);
        TreeAnswer answer = new(graph, model.Signature, trees);
        TreeColumns columns = new(trees, model.EncodedWidth);
        string scores = Sums(graph, trees, columns, columns.Write(graph, model, inputs, precision), precision);
        if (trees.Aggregate == TreeAggregate.Mean) scores = graph.Node("Div", "means", [scores, graph.Constants("trees", [.. Enumerable.Range(0, trees.Outputs).Select(output => (double)trees.TreesOf(output))], trees.Outputs)]);
        if (trees.Bases.Any(b => b != 0)) scores = graph.Node("Add", "scores", [scores, graph.Constants("bases", trees.Bases.AsSpan(), trees.Outputs)]);
        answer.Write(graph, scores);
        return graph.Write("Trees of MlSql: " + answer.Description, Metadata.Of(model.Signature, inputs));
    }

    private static string Sums(GraphWriter graph, TreeStructure trees, TreeColumns columns, string matrix, TreePrecision precision)
    {
        if (precision == TreePrecision.Double)
        {
            TreeNodeArrays5 wide = new(columns);
            foreach (Tree tree in trees.Trees) wide.Add(tree);
            return graph.MlNode("TreeEnsemble", "sums", [matrix], wide.Attributes(trees.Outputs));
        }
        TreeNodeArrays arrays = new(columns);
        for (int i = 0; i < trees.Trees.Length; i++) arrays.Add(trees.Trees[i], i);
        string rounded = graph.Node("Cast", "columns in 32 bits", [matrix], NodeAttribute.Of("to", (long)TensorElement.Float));
        string sums = graph.MlNode("TreeEnsembleRegressor", "sums in 32 bits", [rounded], arrays.Attributes(trees.Outputs));
        return graph.Node("Cast", "sums", [sums], NodeAttribute.Of("to", (long)TensorElement.Double));
    }
}
