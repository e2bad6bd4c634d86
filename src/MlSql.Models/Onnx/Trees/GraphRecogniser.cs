using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MlSql.Columnar;
using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Trees;

/// <summary>Recognises graphs that are a tree ensemble behind columns of its own, so that they can be scored, explained and inlined as trees.</summary>
public static class GraphRecogniser
{
    /// <summary>
    /// The graph as trees, or the reason why it is not recognised: an operator that mixes columns, a step that cannot be folded into thresholds exactly, what ONNX-ML leaves open, a damaged ensemble. <paramref name="features"/> are the
    /// signature's. Linear in the graph's bytes; throws nothing but <see cref="OperationCanceledException"/>.
    /// </summary>
    public static Recognition Recognise(GraphStructure graph, ImmutableArray<Feature> features, CancellationToken cancel)
    {
        try
        {
            return Recognition.Of(Read(graph, features, cancel));
        }
        catch (UnrecognisedException refusal)
        {
            return Recognition.Refused(refusal.Message);
        }
        catch (Exception damage) when (damage is CodedException or MalformedProtobufException)
        {
            return Recognition.Refused($"it is damaged: {damage.Message}");
        }
    }

    private static RecognisedGraph Read(GraphStructure graph, ImmutableArray<Feature> features, CancellationToken cancel)
    {
        GraphNodes nodes = GraphNodes.Read(ImmutableCollectionsMarshal.AsArray(graph.Graph), cancel);
        OutputReader outputs = new(nodes);
        foreach (GraphOutput output in graph.Outputs)
        {
            if (output.BatchWide) throw new UnrecognisedException($"its output {ShownText.Name(output.Name)} is one value for all rows");
            outputs.Follow(output.Name);
        }
        GraphNode operation = outputs.Ensemble ?? throw new UnrecognisedException("it has no outputs");
        ColumnTensor input = new ColumnReader(nodes, graph.Inputs, features).Of(operation.Inputs[0]);
        if (input.Shape.Length != 1) throw new UnrecognisedException("its trees read no matrix");
        if (input.Element == TensorElement.Text) throw new UnrecognisedException("its trees read texts");
        Ensemble ensemble = EnsembleOf(nodes, operation, input.Element);
        HashSet<long> read = [];
        for (int i = 0; i < ensemble.Count; i++)
            if (ensemble.Modes[i] != BranchMode.Leaf) read.Add(ensemble.Features[i]);
        EncodedColumns encoded = new(input.Columns.Where((_, i) => read.Contains(i)), Lengths(graph, features));
        TreeBuilder builder = new(ensemble, input.Columns, new SplitPlanner(encoded, ensemble.Precision), cancel);
        (var structure, ScoreRule rule) = new StructureBuilder(ensemble, builder.Build()).Build();
        return new(Features(graph, features), Required(graph), encoded.Featurizers, structure, rule, [.. graph.Outputs.Select(output => outputs.Of(output.Name, ensemble, rule))]);
    }

    private static Ensemble EnsembleOf(GraphNodes nodes, GraphNode node, TensorElement input)
    {
        if (node.Operator == "ai.onnx.ml.TreeEnsemble") return new EnsembleReader5(nodes.File, node.Attributes, input).Read();
        EnsembleReader reader = new(nodes.File, node.Attributes, input);
        return reader.Read(node.Operator == "ai.onnx.ml.TreeEnsembleClassifier" ? reader.ClassesOf() : null);
    }

    private static Dictionary<int, int> Lengths(GraphStructure graph, ImmutableArray<Feature> features) =>
        graph.Inputs.Where(input => ColumnReader.IsList(input, features)).ToDictionary(input => input.Features[0], input => input.Width);

    private static ImmutableArray<int> Required(GraphStructure graph) =>
        [.. graph.Inputs.Where(input => input.Element is not (TensorElement.Float or TensorElement.Double or TensorElement.Half or TensorElement.BFloat16 or TensorElement.Text)).SelectMany(input => input.Features).Distinct().Order()];

    private static ImmutableArray<Feature> Features(GraphStructure graph, ImmutableArray<Feature> features)
    {
        Feature[] own = [.. features];
        foreach (GraphInput input in graph.Inputs)
            foreach (int feature in input.Features)
                own[feature] = features[feature] with
                {
                    Type = ColumnReader.IsList(input, features) ? new NumberListFeature(input.Width) : input.Element switch { TensorElement.Text => new TextFeature(), TensorElement.Boolean => new BooleanFeature(), _ => new NumberFeature() },
                };
        return [.. own];
    }
}
