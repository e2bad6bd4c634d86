using System.Collections.Immutable;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Trees;

namespace MlSql.Scoring.Onnx;

/// <summary>What a trial would find of a graph that is recognised as trees, read off its structure: no runtime is touched.</summary>
public static class RecognisedTrial
{
    /// <summary>
    /// What <see cref="GraphTrial.Run"/> finds; null where only a runtime can tell: for a graph that is not recognised, one that fixes its number of rows, and one whose outputs are declared to be other than they are, which a runtime
    /// refuses. <paramref name="features"/> are those that fill <paramref name="inputs"/>. Throws nothing but <see cref="OperationCanceledException"/> and MLS4116.
    /// </summary>
    public static GraphTrialResult? Find(OnnxModel model, ImmutableArray<GraphInput> inputs, ImmutableArray<Feature> features, CancellationToken cancel)
    {
        if (GraphTrial.FixedBatch(model, inputs) is not null || GraphRecogniser.Recognise(model, inputs, features, cancel).Graph is not { } graph) return null;
        for (int i = 0; i < graph.Outputs.Length; i++)
            if (!IsDeclared(graph.Outputs[i], model.Outputs[i].Type)) return null;
        // Trees look at one row at a time, and every step around them that is recognised keeps rows apart.
        return new([.. graph.Outputs.Select(TypeOf)], null, true, null);
    }

    private static bool IsDeclared(RecognisedOutput output, GraphValueType declared) => (output, declared) switch
    {
        (LabelOutput label, TensorValueType tensor) => tensor.Element == label.Element,
        (ValuesOutput { Keys: null } values, TensorValueType tensor) => tensor.Element == values.Element,
        (ValuesOutput { Keys: { } keys } values, SequenceValueType { Element: MapValueType { Value: TensorValueType value } map }) => map.Key == KeyOf(keys) && value.Element == values.Element,
        _ => false,
    };

    private static GraphOutput TypeOf(RecognisedOutput output) => output switch
    {
        LabelOutput label => OutputShapes.Tensor(label.Name, label.Element, 1),
        ValuesOutput { Keys: { } keys } values => OutputShapes.Map(values.Name, KeyOf(keys), values.Element),
        ValuesOutput values => OutputShapes.Tensor(values.Name, values.Element, values.Values.Length),
        _ => throw new System.Diagnostics.UnreachableException(output.GetType().Name),
    };

    private static TensorElement KeyOf(ClassLabels keys) => keys.Kind == ClassKind.Text ? TensorElement.Text : TensorElement.Int64;
}
