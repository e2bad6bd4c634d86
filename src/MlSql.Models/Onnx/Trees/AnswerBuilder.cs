using System.Collections.Immutable;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>Puts the ends that <see cref="AnswerReader"/> found on an ensemble's rule.</summary>
internal sealed class AnswerBuilder(Ensemble ensemble, TreeStructure structure, ScoreRule rule)
{
    /// <summary>The rule of the graph and its outputs. <paramref name="steps"/>: what becomes of each of the ensemble's values up to the scores.</summary>
    public (ScoreRule Rule, ImmutableArray<RecognisedOutput> Outputs) Build(GraphAnswerEnds answer, ImmutableArray<ImmutableArray<ElementStep>> steps, ImmutableArray<string> names)
    {
        if (rule.Form != ScoreForm.Targets || ensemble.Transform != PostTransform.None) throw new UnrecognisedException("it transforms its scores twice");
        int scores = structure.Outputs;
        if (steps.Length != scores || (answer.Form == ScoreForm.LogisticOfScore && scores != 1)) throw new UnrecognisedException(FormattableString.Invariant($"it takes the probabilities of two classes out of {steps.Length} scores"));
        CheckSize(steps);
        ScoreRule own = rule with { Form = answer.Form, Steps = steps };
        return (own, [.. answer.Ends.Select((end, i) => Output(end, names[i], own.Values(scores)))]);
    }

    private static RecognisedOutput Output(AnswerEnd end, string name, int values)
    {
        if (end.Classes is not { } classes) return new ValuesOutput(name, TensorElement.Double, [.. Enumerable.Range(0, values)], [], null);
        if (classes.Values.Length != values) throw new UnrecognisedException(FormattableString.Invariant($"it has {classes.Values.Length} classes and {values} probabilities"));
        return new LabelOutput(name, classes.Kind == ClassKind.Text ? TensorElement.Text : TensorElement.Int64, classes.Values);
    }

    // Sums of leaves that overflow would become NaN, which runtimes compare in ways of their own.
    private void CheckSize(ImmutableArray<ImmutableArray<ElementStep>> steps)
    {
        double most = structure.Trees.Sum(tree => tree.Values.Max(Math.Abs)) + rule.Bases.Select(Math.Abs).DefaultIfEmpty().Max();
        bool small = most < (rule.Result == TreePrecision.Single || rule.Precision == TreePrecision.Single ? float.MaxValue / 4 : double.MaxValue / 4);
        foreach (ImmutableArray<ElementStep> list in steps)
        {
            double low = -most, high = most;
            foreach (ElementStep step in list) (low, high) = (step.Of(low), step.Of(high));
            small &= double.IsFinite(low) && double.IsFinite(high);
        }
        if (!small) throw new UnrecognisedException("its scores may be beyond all numbers");
    }
}
