using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx.Export;

namespace MlSql.UnitTests.Models.Onnx.Export;

/// <summary>What an export refuses or warns of.</summary>
internal sealed class RefusedExportTests
{
    [Test]
    public void A_classifier_of_another_number_of_classes_is_refused() =>
        AssertRefused(Model([new("x", new NumberFeature())]) with { Structure = new LinearStructure([], 0, Link.Logistic), Signature = Classifier("a", "b", "c") }, "MLS7102", "3 classes for a structure that tells 2 apart");

    [Test]
    public void A_classifier_without_probabilities_is_refused() =>
        AssertRefused(Model([new("x", new NumberFeature())]) with { Signature = Classifier("a", "b") }, "MLS7102", "2 classes for a structure that tells 0 apart");

    [Test]
    public void Numbers_that_are_not_finite_are_refused()
    {
        var number = new NumericFeaturizer(0, [], 0, 1);
        var levels = new OneHotFeaturizer(0, [], ["a"], false);
        AssertRefused(Model([new("x", new NumberFeature())], double.NaN), "MLS7102", "its intercept is not a finite number");
        AssertRefused(Model([new("x", new NumberFeature())], 0, [number], [double.NaN]), "MLS7102", "a weight, mean or scale is not a finite number: x");
        AssertRefused(Model([new("x", new NumberFeature())], 0, [number with { Mean = double.PositiveInfinity }], [1]), "MLS7102", "a weight, mean or scale is not a finite number: x");
        AssertRefused(Model([new("x", new TextFeature())], 0, [levels], [double.NegativeInfinity]), "MLS7102", "a weight is not a finite number: x");
    }

    [Test]
    public void Parts_that_do_not_fit_are_refused() => AssertRefused(Model([new("x", new NumberFeature())], 0, [], [1]), "MLS7102", "1 weights for 0 encoded columns");

    [Test]
    public void Text_that_is_no_unicode_is_refused() => AssertRefused(Model([new("x\ud800", new NumberFeature())]), "MLS7102", "a text in it is not valid Unicode");

    [Test]
    public void Features_that_would_share_a_name_are_refused() =>
        AssertRefused(Model([new("a.b", new NumberFeature()), new("a", new StructFeature([new("b", new NumberFeature())]))]), "MLS7103", "a.b");

    [Test]
    public void A_feature_without_a_name_is_refused() => AssertRefused(Model([new("x", new NumberFeature()), new("", new NumberFeature())]), "MLS7105", "feature 2");

    [Test]
    public void A_model_without_features_is_refused() => AssertRefused(Model([]), "MLS7104", "how many rows");

    [Test]
    public void Null_beside_the_empty_text_is_warned_of()
    {
        var both = new OneHotFeaturizer(0, [], ["", "a"], true);
        Assert.That(Codes(Model([new("x", new TextFeature())], 0, [both], [0, 1, 2])), Is.EqualTo(new[] { "MLS7111" }));
        Assert.That(Codes(Model([new("x", new TextFeature())], 0, [both with { NullLevel = false }], [0, 1])), Is.Empty);
        Assert.That(Codes(Model([new("x", new TextFeature())], 0, [both with { Levels = ["a"] }], [0, 1])), Is.Empty);
    }

    [Test]
    public void The_empty_text_is_null_where_training_saw_both()
    {
        GraphFile file = new(OnnxExport.Write(Model([new("x", new TextFeature())], 0, [new OneHotFeaturizer(0, [], ["", "a"], true)], [10, 20, 30])).Bytes);
        Assert.That(file.Texts("LabelEncoder", "keys_strings"), Is.EqualTo(new[] { "a", "" }));
        Assert.That(file.Constant("x weights").Values, Is.EqualTo(new[] { 20.0, 30, 0 }));
    }

    [Test]
    public void Null_booleans_of_the_training_are_warned_of()
    {
        var model = Model([new("x", new StructFeature([new("b", new BooleanFeature()), new("n", new NumberFeature())]))]);
        Assert.That(Codes(model, Statistics("x.b", 1), Statistics("x.n", 1)), Is.EqualTo(new[] { "MLS7112" }));
        Assert.That(Codes(model, Statistics("x.b", 0), Statistics("x.n", 1)), Is.Empty);
    }

    private static FeatureStatistics Statistics(string input, long nulls) => new(input, null, null, null, null, null, null, nulls, null);

    private static IEnumerable<string> Codes(Model model, params FeatureStatistics[] training) => OnnxExport.Write(model, [.. training]).Warnings.Select(w => w.Code);

    private static ModelSignature Classifier(params string[] classes) => new([new("x", new NumberFeature())], "y", ModelTask.Classification, new(ClassKind.Text, [.. classes]));

    private static Model Model(ImmutableArray<Feature> features, double intercept = 0, ImmutableArray<Featurizer>? featurizers = null, ImmutableArray<double>? weights = null) =>
        new(new(features, "y", ModelTask.Regression, null), featurizers ?? [], new LinearStructure(weights ?? [], intercept, Link.Identity));

    private static void AssertRefused(Model model, string code, string says)
    {
        var fault = Assert.Throws<CodedException>(() => OnnxExport.Write(model))!;
        Assert.That(fault.Code, Is.EqualTo(code));
        Assert.That(fault.Message, Does.Contain(says));
        Assert.That(fault.Hint, Is.Not.Null);
    }
}
