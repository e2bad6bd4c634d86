using System.Globalization;
using MlSql.Models;
using MlSql.Models.Trees;
using MlSql.Scoring.Kernels;
using MlSql.Scoring.Trees;
using MlSql.UnitTests.Scoring.Kernels;

namespace MlSql.UnitTests.Scoring.Trees;

/// <summary>Every ensemble of the shared fixtures gives what the tool that trained it gave, within the fixture's tolerance, when it is walked row by row.</summary>
internal sealed class BoosterTests
{
    [Test]
    public void Every_model_is_run()
    {
        BoosterFixture[] all = [.. BoosterFixture.All];
        Assert.That(all, Has.Length.GreaterThanOrEqualTo(28));
        Assert.That(all.Sum(f => f.Files.Length), Is.GreaterThanOrEqualTo(40));
        Assert.That(string.Join('\n', all.SelectMany(fixture => fixture.Files.SelectMany(file => Failures(fixture, file)))), Is.Empty);
    }

    private static IEnumerable<string> Failures(BoosterFixture fixture, string file)
    {
        var model = BoosterFixture.Read(file);
        // The linear one is asked in SQL.
        if (model.Structure is not TreeStructure ensemble) return [];
        Assert.That(model.Features, Is.EqualTo(fixture.Columns));
        double[][] input = fixture.Values("input.parquet", fixture.Columns);
        string[] names = fixture.Expected;
        var explainer = PredictionDetail.Of(ensemble).HasFlag(PredictionDetails.Contributions) ? TreeContributions.Of(ensemble, input.Length) : null;
        double[] contributions = new double[explainer?.Width ?? 0];
        double[][] expected = fixture.Values("expected.parquet", names);
        double[] row = new double[input.Length], scores = new double[ensemble.Outputs];
        List<string> failures = [];
        double[] kernel = TreeKernelTests.Scored(TreeKernel.Create(ensemble, input.Length), input, expected[0].Length);
        for (int r = 0; r < expected[0].Length; r++)
        {
            for (int c = 0; c < row.Length; c++) row[c] = input[c][r];
            TreeWalk.Score(ensemble, row, scores);
            for (int i = 0; i < scores.Length; i++)
                if (BitConverter.DoubleToInt64Bits(kernel[i * expected[0].Length + r]) != BitConverter.DoubleToInt64Bits(scores[i])) failures.Add($"{fixture} {Path.GetExtension(file)}, row {r}, the kernel's score {i}: {kernel[i * expected[0].Length + r]:R}, the walk's {scores[i]:R}");
            double[] predictions = [.. scores];
            TreeLinks.Apply(ensemble, predictions);
            explainer?.Explain(row, contributions);
            for (int c = 0; c < names.Length; c++)
            {
                (string kind, int index) = Parse(names[c]);
                double got = kind switch
                {
                    "raw" or "margin" => scores[index],
                    "prediction" => predictions[index],
                    "contribution" => contributions[index],
                    "leaf" => ensemble.Trees[index].Leaves[TreeWalk.LeafOf(ensemble.Trees[index], ensemble.Precision, row)].Number,
                    _ => throw new ArgumentException(kind),
                };
                double wanted = expected[c][r];
                if (Math.Abs(got - wanted) > fixture.Absolute + fixture.Relative * Math.Abs(wanted)) failures.Add($"{fixture} {Path.GetExtension(file)}, row {r}, {names[c]}: {got:R}, expected {wanted:R}");
            }
        }
        return failures.Take(3);
    }

    private static (string Kind, int Index) Parse(string column)
    {
        int bracket = column.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? (column, 0) : (column[..bracket], int.Parse(column[(bracket + 1)..^1], CultureInfo.InvariantCulture));
    }
}
