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
        Recognition found = Recognise(ImmutableCollectionsMarshal.AsArray(graph.Graph), graph.Inputs, [.. graph.Outputs.Select(output => output.Name)], features, cancel);
        return found.Succeeded && graph.Outputs.FirstOrDefault(output => output.BatchWide) is { } wide ? Recognition.Refused($"its output {ShownText.Name(wide.Name)} is one value for all rows") : found;
    }

    /// <summary>As the other form, for a graph of which only its file is known yet; <paramref name="inputs"/> name the features that fill it.</summary>
    public static Recognition Recognise(OnnxModel graph, ImmutableArray<GraphInput> inputs, ImmutableArray<Feature> features, CancellationToken cancel) =>
        Recognise(graph.Bytes, inputs, [.. graph.Outputs.Select(output => output.Name)], features, cancel);

    private static Recognition Recognise(ReadOnlyMemory<byte> graph, ImmutableArray<GraphInput> inputs, ImmutableArray<string> outputs, ImmutableArray<Feature> features, CancellationToken cancel)
    {
        try
        {
            return Recognition.Of(Read(graph, inputs, outputs, features, cancel));
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

    private static RecognisedGraph Read(ReadOnlyMemory<byte> graph, ImmutableArray<GraphInput> inputs, ImmutableArray<string> names, ImmutableArray<Feature> features, CancellationToken cancel)
    {
        GraphNodes nodes = GraphNodes.Read(graph, cancel);
        OutputReader outputs = new(nodes);
        GraphAnswerEnds? answer = new AnswerReader(nodes).Read(names);
        if (answer is not null) outputs.Follow(answer.Scores, names[0]);
        else
            foreach (string name in names) outputs.Follow(name);
        GraphNode operation = outputs.Ensemble ?? throw new UnrecognisedException("it has no outputs");
        ColumnTensor input = new ColumnReader(nodes, inputs, features).Of(operation.Inputs[0]);
        if (input.Shape.Length != 1) throw new UnrecognisedException("its trees read no matrix");
        if (input.Element == TensorElement.Text) throw new UnrecognisedException("its trees read texts");
        if (input.Element is not (TensorElement.Float or TensorElement.Double or TensorElement.Int64 or TensorElement.Int32)) throw new UnrecognisedException($"its trees read a tensor of {input.Element}");
        Ensemble ensemble = EnsembleOf(nodes, operation, input.Element);
        HashSet<long> read = [];
        for (int i = 0; i < ensemble.Count; i++)
            if (ensemble.Modes[i] != BranchMode.Leaf) read.Add(ensemble.Features[i]);
        EncodedColumns encoded = new(input.Columns.Where((_, i) => read.Contains(i)), Lengths(inputs, features));
        TreeBuilder builder = new(ensemble, input.Columns, new SplitPlanner(encoded, ensemble.Precision), cancel);
        (var structure, ScoreRule rule) = new StructureBuilder(ensemble, builder.Build()).Build();
        ImmutableArray<RecognisedOutput> given;
        if (answer is null) given = [.. names.Select(name => outputs.Of(name, ensemble, rule))];
        else (rule, given) = new AnswerBuilder(ensemble, structure, rule).Build(answer, outputs.StepsTo(answer.Scores, ensemble, rule), names);
        return new(Features(inputs, features), Required(inputs), encoded.Featurizers, structure, rule, given);
    }

    private static Ensemble EnsembleOf(GraphNodes nodes, GraphNode node, TensorElement input)
    {
        if (node.Operator == "ai.onnx.ml.TreeEnsemble") return new EnsembleReader5(nodes.File, node.Attributes, input).Read();
        EnsembleReader reader = new(nodes.File, node.Attributes, input);
        return reader.Read(node.Operator == "ai.onnx.ml.TreeEnsembleClassifier" ? reader.ClassesOf() : null);
    }

    private static Dictionary<int, int> Lengths(ImmutableArray<GraphInput> inputs, ImmutableArray<Feature> features) =>
        inputs.Where(input => ColumnReader.IsList(input, features)).ToDictionary(input => input.Features[0], input => input.Width);

    private static ImmutableArray<int> Required(ImmutableArray<GraphInput> inputs) =>
        [.. inputs.Where(input => input.Element is not (TensorElement.Float or TensorElement.Double or TensorElement.Half or TensorElement.BFloat16 or TensorElement.Text)).SelectMany(input => input.Features).Distinct().Order()];

    private static ImmutableArray<Feature> Features(ImmutableArray<GraphInput> inputs, ImmutableArray<Feature> features)
    {
        Feature[] own = [.. features];
        foreach (GraphInput input in inputs)
            foreach (int feature in input.Features)
                own[feature] = features[feature] with
                {
                    Type = ColumnReader.IsList(input, features) ? new NumberListFeature(input.Width) : input.Element switch { TensorElement.Text => new TextFeature(), TensorElement.Boolean => new BooleanFeature(), _ => new NumberFeature() },
                };
        return [.. own];
    }
}
