using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx.Export;
using MlSql.Models.Trees;
using MlSql.Scoring.Onnx;
using MlSql.Scoring.Trees;
using MlSql.UnitTests.Scoring.Memory;
using MlSql.UnitTests.Scoring.Onnx;
using MlSql.UnitTests.Scoring.Trees;

namespace MlSql.UnitTests.Models.Onnx.Export;

/// <summary>Exported trees in ONNX Runtime give what the reference walk gives: in 64 bits for any row, in 32 bits for rows of 32-bit numbers.</summary>
internal sealed class TreeGraphTests
{
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["lightgbm_linear_tree"] = "The model has no ONNX form: its leaves are linear",
        ["lightgbm_zero_as_missing"] = "The model has no ONNX form: a split of it takes 0 for missing",
    };

    [Test]
    public void Models_of_LightGBM_and_XGBoost([Values] TreePrecision precision)
    {
        List<string> failures = [];
        Dictionary<string, string> refused = [];
        int exported = 0;
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
                catch (CodedException refusal)
                {
                    Assert.That(refusal.Code, Is.EqualTo("MLS7101"));
                    refused.TryAdd(fixture.ToString(), refusal.Message);
                    continue;
                }
                exported++;
                double[][] columns = precision == TreePrecision.Single ? [.. input.Select(c => Array.ConvertAll(c, v => (double)(float)v))] : input;
                string? failure = FirstDifference(trees, graph, columns);
                if (failure is not null) failures.Add($"{fixture} {Path.GetExtension(file)}: {failure}");
            }
        }
        TestContext.Out.WriteLine($"{exported} files exported");
        Assert.That(string.Join('\n', failures), Is.Empty);
        Assert.That(refused, Is.EquivalentTo(Refused));
        Assert.That(exported, Is.GreaterThanOrEqualTo(30));
    }

    [Test]
    public void Texts_booleans_lists_and_classes([Values] TreePrecision precision, [Values(0, 1, 2, 3)] int seed, [Values] bool several)
    {
        const int Rows = 300;
        Random random = new(seed);
        ClassLabels classes = several ? new(ClassKind.Text, ["a", "b", "c"]) : new(ClassKind.Boolean, ["false", "true"]);
        ImmutableArray<string> levels = seed % 2 == 0 ? ["", "x", "y", "z"] : ["x", "y", "z"];
        ModelSignature signature = new([new("n", new NumberFeature()), new("t", new TextFeature()), new("b", new BooleanFeature()), new("l", new NumberListFeature(2))], "y", ModelTask.Classification, classes);
        TreeStructure trees = Trees(random, several ? 3 : 1, 5, precision);
        Model model = new(signature, [new RawFeaturizer(0, [], 1), new LevelFeaturizer(1, [], levels), new RawFeaturizer(2, [], 1), new RawFeaturizer(3, [], 2)], trees);
        byte[] graph = OnnxExport.Write(model, trees: precision).Bytes.ToArray();

        (Model imported, GraphTrialResult trial) = TestGraph.Import(graph);
        Assert.That(trial.Warning, Is.Null);
        object?[][] values = [.. Enumerable.Range(0, 5).Select(_ => new object?[Rows])];
        double[][] encoded = [.. Enumerable.Range(0, 5).Select(_ => new double[Rows])];
        for (int row = 0; row < Rows; row++)
        {
            foreach (int column in (int[])[0, 3, 4])
            {
                encoded[column][row] = random.Next(4) switch { 0 => double.NaN, 1 => random.Next(-3, 9), 2 => random.Next(-16, 16) / 4.0, _ => (float)(random.NextDouble() * 6 - 2) };
                values[column][row] = encoded[column][row];
            }
            string? text = random.Next(6) switch { 0 => null, 1 => "unseen", var i => levels[i % levels.Length] };
            // A graph is given the empty text for NULL, so it takes NULL for that level where there is one.
            values[1][row] = text ?? "";
            encoded[1][row] = text is null && !levels.Contains("") ? double.NaN : levels.IndexOf(text ?? "");
            values[2][row] = random.Next(2) == 0;
            encoded[2][row] = (bool)values[2][row]! ? 1 : 0;
        }
        using ScoringViews views = new(ViewStyle.Offsets);
        DataType[] types = [new FloatType(64), new StringType(), new BooleanType(), new FloatType(64), new FloatType(64)];
        using GraphSession session = GraphSession.Create(graph, new GraphSessionOptions(), default);
        using GraphBatch batch = new GraphScorer(imported, session).Score([.. values.Select((v, i) => views.Make(types[i], v))], Rows, new RunLimits(TimeSpan.FromSeconds(60), default));
        double[] line = new double[5], scores = new double[trees.Outputs];
        HashSet<string> seen = [];
        for (int row = 0; row < Rows; row++)
        {
            for (int c = 0; c < 5; c++) line[c] = encoded[c][row];
            TreeWalk.Score(trees, line, scores);
            TreeLinks.Apply(trees, scores);
            double[] wanted = several ? [.. scores] : [1 - scores[0], scores[0]];
            double[] got = [.. FixtureTests.Values(batch, "probabilities", row).Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
            for (int i = 0; i < wanted.Length; i++) Assert.That(got[i], Is.EqualTo(wanted[i]).Within(1e-5), $"row {row}");
            int largest = Array.IndexOf(wanted, wanted.Max());
            string label = FixtureTests.Values(batch, "label", row).Single();
            if (wanted.Order().ToArray() is [.., var second, var first] && first - second > 1e-5) Assert.That(label, Is.EqualTo(several ? classes.Values[largest] : largest.ToString(CultureInfo.InvariantCulture)));
            seen.Add(label);
        }
        Assert.That(seen, Has.Count.GreaterThan(1));
    }

    [Test]
    public void Thresholds_are_rounded_to_the_side_of_no_32_bit_number()
    {
        double[] thresholds = [0.1, -0.1, 0.5, 1e-50, -1e-50, 16777217, 1e300, -1e300, double.PositiveInfinity, double.NegativeInfinity];
        foreach (double threshold in thresholds)
            foreach (SplitTest test in (SplitTest[])[SplitTest.AtMost, SplitTest.Below])
            {
                float rounded = TreeNodeArrays.Rounded(new(0, test, threshold, MissingRule.NaN, false, ~0, ~1, 0, 0)), nearest = (float)threshold;
                foreach (float x in (float[])[nearest, MathF.BitIncrement(nearest), MathF.BitDecrement(nearest), 0, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity])
                    Assert.That(test == SplitTest.AtMost ? x <= rounded : x < rounded, Is.EqualTo(test == SplitTest.AtMost ? x <= threshold : x < threshold), $"{x:R} {test} {threshold:R}");
            }
    }

    private static string? FirstDifference(TreeStructure trees, byte[] graph, double[][] columns)
    {
        int rows = columns[0].Length;
        (Model imported, GraphTrialResult trial) = TestGraph.Import(graph);
        if (trial.Warning is not null) return trial.Warning.Message;
        using ScoringViews views = new(ViewStyle.Offsets);
        using GraphSession session = GraphSession.Create(graph, new GraphSessionOptions(), default);
        using GraphBatch batch = new GraphScorer(imported, session).Score([.. columns.Select(c => views.Make(new FloatType(64), [.. c.Select(v => (object?)v)]))], rows, new RunLimits(TimeSpan.FromSeconds(60), default));
        double[] row = new double[columns.Length], scores = new double[trees.Outputs];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < row.Length; c++) row[c] = columns[c][r];
            TreeWalk.Score(trees, row, scores);
            TreeLinks.Apply(trees, scores);
            ReadOnlySpan<double> predictions = scores.AsSpan(0, trees.Predictions);
            string[] got = [.. FixtureTests.Values(batch, batch.Outputs[0].Name, r)];
            for (int i = 0; i < predictions.Length; i++)
                if (!(Math.Abs(double.Parse(got[i], CultureInfo.InvariantCulture) - predictions[i]) <= 1e-5 * Math.Max(1, Math.Abs(predictions[i])))) return $"row {r}, value {i}: {got[i]}, expected {predictions[i]:R}";
        }
        return null;
    }

    private static TreeStructure Trees(Random random, int outputs, int columns, TreePrecision precision)
    {
        var trees = ImmutableArray.CreateBuilder<Tree>();
        for (int t = 0; t < 6; t++)
        {
            List<TreeSplit> splits = [];
            int leaves = 0;
            Grow(t == 5 ? 0 : 4);
            bool wide = outputs > 1 && t % 2 == 0;
            trees.Add(new([.. splits], [.. Enumerable.Range(0, leaves).Select(i => new TreeLeaf(i, 1))], [.. Enumerable.Range(0, leaves * (wide ? outputs : 1)).Select(_ => random.NextDouble() * 2 - 1)], wide ? 0 : t % outputs, [new([0b10110]), new([0, 1UL << 3]), new([0])], []));

            int Grow(int depth)
            {
                if (depth == 0) return ~leaves++;
                int at = splits.Count;
                int column = random.Next(columns);
                SplitTest test = column == 1 ? SplitTest.InSet : (SplitTest)random.Next(precision == TreePrecision.Single ? 4 : 3);
                bool set = test is SplitTest.InSet or SplitTest.EqualToAny;
                splits.Add(new(column, test, set ? random.Next(3) : random.Next(-12, 12) / 4.0, random.Next(3) == 0 ? MissingRule.None : MissingRule.NaN, random.Next(2) == 0, 0, 0, 0, 0));
                int left = Grow(depth - 1), right = Grow(depth - 1);
                splits[at] = splits[at] with { Left = left, Right = right };
                return at;
            }
        }
        return new([.. Enumerable.Range(0, outputs).Select(i => 0.25 * i)], trees.ToImmutable(), random.Next(2) == 0 ? TreeAggregate.Sum : TreeAggregate.Mean, precision, outputs == 1 ? TreeLink.Logistic : TreeLink.Softmax, outputs == 1 ? 2 : 1);
    }
}
