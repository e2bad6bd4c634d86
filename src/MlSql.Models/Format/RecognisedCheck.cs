using System.Collections.Immutable;
using System.Globalization;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Trees;

namespace MlSql.Models.Format;

/// <summary>What must hold between the parts of a recognised graph and the graph that it stands for, so that nobody who scores it meets an index out of range.</summary>
internal static class RecognisedCheck
{
    /// <summary>The first contradiction, or null.</summary>
    public static string? FirstFault(RecognisedGraph graph, GraphStructure structure, ModelSignature signature)
    {
        if (graph.Features.Length != signature.Features.Length) return $"{graph.Features.Length} features of a recognised graph that has {signature.Features.Length}";
        if (graph.Required.Any(feature => feature >= graph.Features.Length)) return "a feature without NULL that is not there";
        if (ModelCheck.FirstFault(new Model(signature with { Features = graph.Features, Task = ModelTask.Regression, Classes = null }, graph.Featurizers, graph.Structure)) is { } fault) return fault;
        if (FaultOf(graph.Rule, graph.Structure.Outputs) is { } ruleFault) return ruleFault;
        if (graph.Outputs.Length != structure.Outputs.Length) return $"{graph.Outputs.Length} outputs of a recognised graph that has {structure.Outputs.Length}";
        int values = graph.Rule.Values(graph.Structure.Outputs);
        return graph.Outputs.Select(output => FaultOf(output, values)).FirstOrDefault(found => found is not null);
    }

    private static string? FaultOf(ScoreRule rule, int outputs)
    {
        if (!Enum.IsDefined(rule.Form) || !Enum.IsDefined(rule.Transform) || !Enum.IsDefined(rule.Precision) || !Enum.IsDefined(rule.Result)) return "a rule of an unknown kind";
        if (rule.Divisor < 1) return "a mean over no tree";
        if (!rule.Bases.IsEmpty && rule.Bases.Length != outputs) return $"{rule.Bases.Length} bases for {outputs} outputs";
        if (rule.Steps.Length != (rule.IsOfSteps ? outputs : 0)) return $"steps for {rule.Steps.Length} scores of a rule of form {rule.Form} for {outputs} outputs";
        if (!rule.Steps.All(steps => steps.All(IsKnown))) return "a step of an unknown kind";
        bool fits = rule.Form switch
        {
            ScoreForm.TwoScores => outputs == 2,
            ScoreForm.OneScore or ScoreForm.SecondScore or ScoreForm.LogisticOfScore => outputs == 1,
            _ => true,
        };
        return fits ? null : $"a rule of form {rule.Form} for {outputs} outputs";
    }

    private static string? FaultOf(RecognisedOutput output, int values) => output switch
    {
        LabelOutput { Element: not (TensorElement.Text or TensorElement.Int64) } label => $"classes that are {label.Element}",
        LabelOutput label when label.Classes.Length < values => $"{label.Classes.Length} classes for {values} values",
        LabelOutput label when label.Element == TensorElement.Int64 && !AreWhole(label.Classes) => "a class that is no whole number",
        ValuesOutput { Element: not (TensorElement.Float or TensorElement.Double) } numbers => $"values that are {numbers.Element}",
        ValuesOutput numbers when numbers.Values.Any(value => value >= values) => "a value that is not there",
        ValuesOutput numbers when !numbers.Steps.All(IsKnown) => "a step of an unknown kind",
        ValuesOutput { Keys: { } keys } numbers when keys.Values.Length != numbers.Values.Length => $"{keys.Values.Length} keys for {numbers.Values.Length} values",
        ValuesOutput { Keys: { Kind: not ClassKind.Text } keys } when !AreWhole(keys.Values) => "a key that is no whole number",
        _ => null,
    };

    private static bool IsKnown(ElementStep step) => step switch
    {
        ArithmeticStep arithmetic => Enum.IsDefined(arithmetic.Operation) && Enum.IsDefined(arithmetic.Precision),
        CastStep cast => Enum.IsDefined(cast.To),
        _ => true,
    };

    private static bool AreWhole(ImmutableArray<string> texts) => texts.All(text => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _));
}
