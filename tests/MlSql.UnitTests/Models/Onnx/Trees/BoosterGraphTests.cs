using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx.Export;
using MlSql.Models.Onnx.Trees;
using MlSql.Models.Trees;
using MlSql.UnitTests.Scoring.Trees;

namespace MlSql.UnitTests.Models.Onnx.Trees;

/// <summary>Models of LightGBM and XGBoost, exported: each graph is recognised, and gives what ONNX Runtime gives, or refused for the reason given here.</summary>
internal sealed class BoosterGraphTests
{
    // A level is cut in 64 bits, where 2.99999999 is 2, before it is rounded to 32; our splits in 32 bits round it first.
    private const string Levels = "it computes with Double before its trees compare 32-bit numbers";

    private static readonly string[] OfLevels = ["xgboost_categorical.json", "xgboost_categorical.ubj", "xgboost_categorical_onehot.json", "xgboost_categorical_onehot.ubj"];

    [Test]
    public void Each_is_recognised_or_refused_for_its_reason([Values] TreePrecision precision)
    {
        Dictionary<string, string> refused = [];
        List<string> differences = [];
        int recognised = 0;
        foreach (BoosterFixture fixture in BoosterFixture.All)
        {
            double[][] input = fixture.Values("input.parquet", fixture.Columns);
            foreach (string file in fixture.Files)
            {
                if (BoosterFixture.Read(file).Structure is not TreeStructure trees) continue;
                ImmutableArray<Feature> features = [.. fixture.Columns.Select(c => new Feature(c, new NumberFeature()))];
                Model model = new(new ModelSignature(features, "y", ModelTask.Regression, null), [.. features.Select((_, i) => new RawFeaturizer(i, [], 1))], trees);
                byte[] graph;
                try
                {
                    graph = OnnxExport.Write(model, trees: precision).Bytes.ToArray();
                }
                catch (CodedException)
                {
                    continue;
                }
                Recognition recognition = RecognisedCase.Recognise(graph);
                if (!recognition.Succeeded)
                {
                    refused[$"{fixture}{Path.GetExtension(file)}"] = recognition.Reason;
                    continue;
                }
                recognised++;
                differences.AddRange(RecognisedCase.Differences(graph, [.. input.Select(c => c.Select(v => (object?)v).ToArray())], 1e-13).Take(2).Select(d => $"{fixture}: {d}"));
            }
        }
        TestContext.Out.WriteLine($"{recognised} recognised");
        Assert.That(string.Join('\n', differences), Is.Empty);
        string[] ofLevels = precision == TreePrecision.Single ? ["lightgbm_categorical.txt", "lightgbm_categorical_wide.txt", .. OfLevels] : OfLevels;
        Assert.That(refused, Is.EquivalentTo(ofLevels.ToDictionary(name => name, _ => Levels)));
        Assert.That(recognised, Is.GreaterThanOrEqualTo(30));
    }
}
