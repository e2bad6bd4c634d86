using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Onnx;

namespace MlSql.UnitTests.Session;

/// <summary>What a graph's outputs are taken for.</summary>
public class GraphAnswerTests
{
    private static readonly GraphOutput Number = new("n", "n", new FloatType(32), false, 1);
    private static readonly GraphOutput Integer = new("label", "label", new IntegerType(64, true), false, 1);
    private static readonly GraphOutput Text = new("label", "label", new StringType(), false, 1);

    [Test]
    public void Classes_are_sorted_by_value_and_know_where_their_numbers_lie()
    {
        var answer = GraphAnswer.Of([Integer, Probabilities(3)], new ClassLabels(ClassKind.Integer, ["10", "-1", "9"]));
        Assert.That(answer.Task, Is.EqualTo(ModelTask.Classification));
        Assert.That(answer.Classes!.Values, Is.EqualTo(new[] { "-1", "9", "10" }));
        Assert.That(answer.ClassOrder, Is.EqualTo(new[] { 1, 2, 0 }));
    }

    [Test]
    public void Texts_are_sorted_by_their_bytes_and_not_by_utf_16()
    {
        var answer = GraphAnswer.Of([Text, Map], new ClassLabels(ClassKind.Text, ["\U0001F600", "\uFFFD", "a"]));
        Assert.That(answer.Classes!.Values, Is.EqualTo(new[] { "a", "\uFFFD", "\U0001F600" }));
    }

    [TestCase(2)]
    [TestCase(4)]
    public void Classes_that_do_not_fit_the_second_output_are_counted(int width)
    {
        foreach (var label in (GraphOutput[])[Integer, Text])
        {
            var answer = GraphAnswer.Of([label, Probabilities(width)], new ClassLabels(ClassKind.Integer, ["7", "8", "9"]));
            Assert.That(answer.Classes!.Values, Is.EqualTo(Enumerable.Range(0, width).Select(i => $"{i}")));
            Assert.That(answer.ClassOrder, Is.EqualTo(Enumerable.Range(0, width)));
        }
    }

    [Test]
    public void Classes_named_twice_are_counted() =>
        Assert.That(GraphAnswer.Of([Integer, Probabilities(2)], new ClassLabels(ClassKind.Integer, ["5", "5"])).Classes!.Values, Is.EqualTo(new[] { "0", "1" }));

    [Test]
    public void Maps_without_named_classes_are_no_classifier() => Assert.That(GraphAnswer.Of([Integer, Map], null).Task, Is.EqualTo(ModelTask.Graph));

    [Test]
    public void A_sole_number_is_a_regression_and_all_else_a_graph()
    {
        Assert.That(GraphAnswer.Of([Number], null).Task, Is.EqualTo(ModelTask.Regression));
        GraphOutput[][] others =
        [
            [Number, Number], [Text], [Probabilities(3)], [Number with { BatchWide = true }], [Integer, Number], [Integer with { BatchWide = true }, Probabilities(2)],
            [Integer, Probabilities(2) with { Type = new ListType(new IntegerType(64, true)) }], [Integer with { Type = new IntegerType(32, true) }, Probabilities(2)],
        ];
        foreach (var outputs in others) Assert.That(GraphAnswer.Of([.. outputs], null), Is.EqualTo(new GraphAnswer(ModelTask.Graph, null, ImmutableArray<int>.Empty)), string.Join(", ", outputs.Select(o => o.ToString())));
    }

    private static GraphOutput Map => new("p", "p", new MapType(new StringType(), new FloatType(32)), false, null);

    private static GraphOutput Probabilities(int width) => new("p", "p", new ListType(new FloatType(32)), false, width);
}
