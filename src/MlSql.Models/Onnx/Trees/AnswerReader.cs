using System.Collections.Immutable;
using System.Text;
using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Trees;

/// <summary>The ends of a graph as our own export writes them behind an ensemble: one form for the outputs together.</summary>
/// <param name="Form">What becomes of the scores.</param>
/// <param name="Scores">The value, [N, scores] in 64 bits.</param>
/// <param name="Ends">One an output of the graph, in its order.</param>
internal sealed record GraphAnswerEnds(ScoreForm Form, string Scores, ImmutableArray<AnswerEnd> Ends);

/// <summary>What an output holds: each row's class where there are <paramref name="Classes"/>, else the form's values.</summary>
internal sealed record AnswerEnd(ScoreForm Form, string Scores, ClassLabels? Classes = null);

/// <summary>Recognises what our own export of trees (TreeAnswer, ScoreAnswer) writes behind an ensemble: logistic function, softmax and exponential in 64 bits, the largest score, and labels out of a LinearClassifier that only sees which that is.</summary>
internal sealed class AnswerReader(GraphNodes nodes)
{
    /// <summary>The ends of the outputs; null where one of them is another.</summary>
    public GraphAnswerEnds? Read(ImmutableArray<string> outputs)
    {
        var ends = ImmutableArray.CreateBuilder<AnswerEnd>(outputs.Length);
        foreach (string output in outputs)
        {
            if (EndOf(output) is not { } end || (ends.Count > 0 && (end.Form != ends[0].Form || end.Scores != ends[0].Scores))) return null;
            ends.Add(end);
        }
        return ends.Count > 0 ? new(ends[0].Form, ends[0].Scores, ends.MoveToImmutable()) : null;
    }

    private AnswerEnd? EndOf(string output)
    {
        string value = output;
        while (nodes.Producer(value) is { Operator: "Identity", Inputs: [var source] }) value = source;
        GraphNode? node = nodes.Producer(value);
        return node switch
        {
            { Operator: "Softmax", Inputs: [var scores] } when IsLast(node) => new(ScoreForm.SoftmaxOfScores, scores),
            { Operator: "Exp", Inputs: [var scores] } => new(ScoreForm.ExponentialOfScores, scores),
            { Operator: "Cast", Inputs: [var place] } when IsTo(node, TensorElement.Double) && LargestOf(place, keepsRank: true) is { } scores => new(ScoreForm.LargestOfScores, scores),
            // One base a score: what other graphs do to all their scores alike is left to their outputs.
            { Operator: "Add", Inputs: [_, var bases] } when nodes.Constant(bases) is { Element: TensorElement.Double, Values.Length: > 1 } => new(ScoreForm.Scores, value),
            { Operator: "Div" } when LogisticOf(node) is { } scores => new(ScoreForm.LogisticOfScores, scores),
            { Operator: "Concat", Inputs: [var first, var second] } when IsLast(node) && Node(first, "Sub") is { Inputs: [var one, var taken] } && taken == second && Is(one, 1) && nodes.Producer(second) is { Operator: "Div" } divided
                && LogisticOf(divided) is { } scores => new(ScoreForm.LogisticOfScore, scores),
            { Operator: "ai.onnx.ml.LinearClassifier", Inputs: [var seen], Outputs: [var label, ..] } when label == output && node.Attributes.TextOf("post_transform") is null && ClassesOf(node) is { } classes => Label(node, seen, classes),
            _ => null,
        };
    }

    private AnswerEnd? Label(GraphNode node, string seen, ClassLabels classes)
    {
        int count = classes.Values.Length;
        double[] coefficients = node.Attributes.RealsOf("coefficients"), intercepts = node.Attributes.RealsOf("intercepts");
        if (Node(seen, "Cast") is { Inputs: [var positive] } cast && IsTo(cast, TensorElement.Float) && Compared(positive) is { } score)
            return count == 2 && coefficients is [0, 1] && intercepts is [0.5, 0] ? new(ScoreForm.LogisticOfScore, score, classes) : null;
        if (Node(seen, "OneHot") is not { Inputs: [var index, var depth, var marks] } hot || (hot.Attributes.IntegerOf("axis") ?? -1) != -1) return null;
        if (LargestOf(index, keepsRank: false) is not { } scores) return null;
        bool isIdentity = coefficients.Length == (long)count * count && intercepts.Length == count && !intercepts.AsSpan().ContainsAnyExcept(0.0);
        for (int i = 0; isIdentity && i < coefficients.Length; i++) isIdentity = coefficients[i] == (i % (count + 1) == 0 ? 1 : 0);
        bool marked = nodes.Constant(depth) is { Element: TensorElement.Int64, Values: [var classCount] } && classCount == count && nodes.Constant(marks) is { Element: TensorElement.Float, Values: [0, 1] };
        return isIdentity && marked && count > 1 ? new(ScoreForm.SoftmaxOfScores, scores, classes) : null;
    }

    private string? LargestOf(string place, bool keepsRank) =>
        Node(place, "ArgMax") is { Inputs: [var scores] } largest && IsLast(largest) && (largest.Attributes.IntegerOf("keepdims") ?? 1) == (keepsRank ? 1 : 0) && (largest.Attributes.IntegerOf("select_last_index") ?? 0) == 0 ? scores : null;

    // (s ≥ 0 ? 1 : e^−|s|) / (e^−|s| + 1); gives s.
    private string? LogisticOf(GraphNode division) =>
        division.Inputs is [var upper, var lower] && Node(upper, "Where") is { Inputs: [var positive, var one, var power] } && Is(one, 1) && Compared(positive) is { } scores
        && Node(lower, "Add") is { Inputs: [var added, var more] } && added == power && Is(more, 1)
        && Node(power, "Exp") is { Inputs: [var negative] } && Node(negative, "Neg") is { Inputs: [var size] } && Node(size, "Abs") is { Inputs: [var taken] } && taken == scores ? scores : null;

    // s ≥ 0; gives s.
    private string? Compared(string value) => Node(value, "GreaterOrEqual") is { Inputs: [var scores, var zero] } && Is(zero, 0) ? scores : null;

    private GraphNode? Node(string value, string name) => nodes.Producer(value) is { } node && node.Operator == name && node.PlaceOf(value) == 0 ? node : null;

    // No more dimensions than the scores have, so that the result has none more either.
    private bool Is(string constant, double value) => nodes.Constant(constant) is { Element: TensorElement.Double, Shape.Length: <= 2, Values: [var only] } && only == value;

    private static bool IsLast(GraphNode node) => node.Attributes.IntegerOf("axis") is 1 or -1;

    private static bool IsTo(GraphNode cast, TensorElement element) => cast.Attributes.IntegerOf("to") == (long)element;

    private ClassLabels? ClassesOf(GraphNode node)
    {
        var values = ImmutableArray.CreateBuilder<string>();
        foreach (long whole in node.Attributes.IntegersOf("classlabels_ints")) values.Add(FormattableString.Invariant($"{whole}"));
        bool wholes = values.Count > 0;
        foreach (Slice text in node.Attributes.TextsOf("classlabels_strings"))
        {
            ReadOnlySpan<byte> bytes = text.Of(nodes.File.Span);
            if (wholes || !System.Text.Unicode.Utf8.IsValid(bytes)) return null;
            values.Add(Encoding.UTF8.GetString(bytes));
        }
        return values.Count > 0 ? new(wholes ? ClassKind.Integer : ClassKind.Text, values.ToImmutable()) : null;
    }
}
