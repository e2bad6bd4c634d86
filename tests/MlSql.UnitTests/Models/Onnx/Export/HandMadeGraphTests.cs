namespace MlSql.UnitTests.Models.Onnx.Export;

/// <summary>Models at the edges answer in ONNX Runtime as they do here.</summary>
internal sealed class HandMadeGraphTests
{
    private Dictionary<string, PeerAnswer> _answers = [];

    private static IEnumerable<string> Names => HandMadeCases.All().Select(c => c.Name);

    [OneTimeSetUp]
    public void Run_all_graphs() => _answers = RuntimePeer.Run([.. HandMadeCases.All().Select(c => GraphCase.Of(c.Name, c.Case).Job())]);

    [TestCaseSource(nameof(Names))]
    public void The_graph_answers_as_the_model_does(string name) => GraphCase.Of(name, HandMadeCases.All().Single(c => c.Name == name).Case).Check(_answers[name]);

    [Test]
    public void Inputs_are_named_by_features_and_fields_and_typed_by_kind() => Assert.That(_answers["a struct"].Inputs, Is.EqualTo(new[]
    {
        """before tensor(double) ["N", 1]""", """s.n tensor(double) ["N", 1]""", """s.t tensor(string) ["N", 1]""", """s.d tensor(int64) ["N", 1]""", """s.l tensor(double) ["N", 2]""", """s.b tensor(bool) ["N", 1]""",
    }));

    [Test]
    public void Outputs_step_aside_where_a_feature_has_their_name()
    {
        Assert.That(_answers["names that the graph uses itself"].Outputs.Select(o => o.Name), Is.EqualTo(new[] { "predicted_predicted_label", "predicted_probabilities" }));
        Assert.That(_answers["a number with the name of the answer"].Outputs.Single().Name, Is.EqualTo("predicted_predicted_y"));
    }

    [Test]
    public void Whole_numbers_stay_whole_as_classes_and_others_become_text()
    {
        Assert.That(_answers["Real classes 0 and 1"].Outputs[0].Texts, Has.All.EqualTo("0").Or.EqualTo("1"));
        Assert.That(_answers["Real classes -0.5 and 1E+300"].Outputs[0].Texts, Has.All.EqualTo("-0.5").Or.EqualTo("1E+300"));
    }

    [Test]
    public void The_file_says_what_its_model_is_about() => Assert.That(_answers["Text classes a, b and 日本語 \"c\""].Metadata, Is.EquivalentTo(new Dictionary<string, string>
    {
        ["mlsql.task"] = "classification",
        ["mlsql.label"] = "y",
        ["mlsql.class_kind"] = "text",
        ["mlsql.classes"] = """["a, b","\u65E5\u672C\u8A9E \u0022c\u0022"]""",
        ["mlsql.inputs"] = """{"x":"number"}""",
    }));
}
