using System.Globalization;
using MlSql.Models.Trees;
using MlSql.UnitTests.Scoring.Trees;

namespace MlSql.UnitTests.Models;

/// <summary>What the splits of files are together is what their tools say of it.</summary>
internal sealed class SplitTotalsTests
{
    private static IEnumerable<string> Files => BoosterFixture.All.SelectMany(f => f.Files).Where(f => f.EndsWith(".txt", StringComparison.Ordinal));

    // LightGBM ends its files with how often each feature is split on, but for those of gain 0.
    [TestCaseSource(nameof(Files))]
    public void Splits_are_those_that_LightGBM_counts(string file)
    {
        var model = BoosterFixture.Read(file);
        string[] lines = File.ReadAllLines(file);
        var stated = lines.SkipWhile(l => l != "feature_importances:").Skip(1).TakeWhile(l => l.Contains('=', StringComparison.Ordinal))
            .ToDictionary(l => l[..l.LastIndexOf('=')], l => long.Parse(l[(l.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        var trees = (TreeStructure)model.Structure;
        var totals = SplitTotals.Of(trees, model.Features.Length);
        var counted = Enumerable.Range(0, totals.Length).Where(i => totals[i].Splits > 0).ToDictionary(i => model.Features[i], i => totals[i].Splits, StringComparer.Ordinal);
        Assert.That(counted, Is.EquivalentTo(stated));
        Assert.That(totals.Sum(t => t.Splits), Is.EqualTo(trees.Trees.Sum(t => t.Splits.Length)));
    }
}
