using System.Globalization;
using MlSql.Models;
using MlSql.UnitTests.Scoring;

namespace MlSql.UnitTests.Models.Onnx.Export;

/// <summary>Models drawn from seeds answer in ONNX Runtime as they do here.</summary>
internal sealed class RandomGraphTests
{
    private const int Seeds = 60;
    private Dictionary<string, GraphCase> _cases = [];
    private Dictionary<string, PeerAnswer> _answers = [];

    private static IEnumerable<string> Names => Enumerable.Range(0, Seeds).Select(seed => string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));

    [OneTimeSetUp]
    public void Run_all_graphs()
    {
        _cases = Names.Select((name, seed) => (name, Case: GraphCase.Of(name, Vary(RandomCases.Linear(seed, 60, everything: seed % 10 == 0), seed)))).ToDictionary(c => c.name, c => c.Case);
        _answers = RuntimePeer.Run([.. _cases.Values.Select(c => c.Job())]);
    }

    [TestCaseSource(nameof(Names))]
    public void A_random_model_answers_in_onnx_runtime_as_here(string name) => _cases[name].Check(_answers[name]);

    private static ScoringCase Vary(ScoringCase given, int seed)
    {
        var linear = (LinearStructure)given.Model.Structure;
        var signature = given.Model.Signature;
        ClassLabels? classes = (seed % 6) switch
        {
            2 => new(ClassKind.Text, ["", "ja, natürlich"]),
            3 => new(ClassKind.Boolean, ["false", "true"]),
            4 => new(ClassKind.Integer, ["-7", "9223372036854775807"]),
            5 => new(ClassKind.Real, ["0.5", "1E+20"]),
            _ => null,
        };
        // Small weights, so that not every probability is 0 or 1.
        if (seed % 6 > 0) linear = linear with { Link = Link.Logistic, Weights = [.. linear.Weights.Select(w => w * Math.Pow(10, -seed % 9))] };
        var task = classes is null ? ModelTask.Regression : ModelTask.Classification;
        return given with { Model = given.Model with { Signature = signature with { Classes = classes, Task = task }, Structure = linear } };
    }
}
