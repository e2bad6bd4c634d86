using MlSql.Models.Trees;

namespace MlSql.UnitTests.Scoring.Trees;

/// <summary>Ensembles of random trees with all that a split can ask, and rows that meet their thresholds, their neighbours and what else is hard.</summary>
internal sealed class RandomEnsembles(int seed)
{
    private static readonly double[] _hard =
    [
        0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon, float.Epsilon, -float.Epsilon, 1e-35f, -1e-35f, double.BitIncrement(1e-35f), 1.0000000180025095e-35, 1e-40,
        double.MaxValue, double.MinValue, float.MaxValue, float.MinValue, 1e300, -1e300, 0.5, -0.5, -1, -0.9999999, 63, 64, 63.99, 127.5, 4096, 1e10, 0.1, 0.1f,
    ];

    private static readonly int[] _leaves = [8, 31, 64, 65, 255, 300];

    private static readonly int[] _thresholds = [4, 60, 5_000];

    private readonly Random _random = new(seed);

    /// <summary>Rows of a <see cref="Case"/>: five blocks and a rest.</summary>
    public const int CaseRows = 2_600;

    /// <summary>An ensemble and rows; by the seed small and large trees, one output and several, both precisions, few thresholds and more than bytes hold.</summary>
    public static (TreeStructure Ensemble, double[][] Columns) Case(int seed)
    {
        var random = new RandomEnsembles(seed);
        int columns = 1 + seed % 7 * 2;
        var ensemble = random.Ensemble(columns, trees: 3 + seed % 12, leaves: _leaves[seed % 6], outputs: 1 + seed % 5 / 2, seed % 2 == 0 ? TreePrecision.Double : TreePrecision.Single,
            thresholds: _thresholds[seed % 3], wide: seed % 4 == 0);
        return (ensemble, random.Rows(ensemble, columns, CaseRows));
    }

    /// <summary>Makes an ensemble.</summary>
    /// <param name="columns">Encoded columns.</param>
    /// <param name="trees">How many.</param>
    /// <param name="leaves">The most leaves of a tree.</param>
    /// <param name="outputs">Scores a row.</param>
    /// <param name="precision">What is compared and added in.</param>
    /// <param name="thresholds">How many different thresholds there are about; few make many equal ones.</param>
    /// <param name="wide">Whether leaves may have a number for each output.</param>
    public TreeStructure Ensemble(int columns, int trees, int leaves, int outputs, TreePrecision precision, int thresholds, bool wide) => new(
        [.. Enumerable.Range(0, outputs).Select(_ => Value(precision))],
        [.. Enumerable.Range(0, trees).Select(_ => Tree(columns, _random.Next(4) == 0 ? _random.Next(1, 4) : _random.Next(1, leaves + 1), outputs, precision, thresholds, wide && _random.Next(3) == 0))],
        _random.Next(3) == 0 ? TreeAggregate.Mean : TreeAggregate.Sum, precision, TreeLink.Identity, 1);

    /// <summary>Columns of values, many of which are thresholds of the ensemble.</summary>
    public double[][] Rows(TreeStructure ensemble, int columns, int rows)
    {
        double[] thresholds = [.. ensemble.Trees.SelectMany(t => t.Splits).Where(s => s.Test != SplitTest.InSet).Select(s => s.Threshold), 0];
        return [.. Enumerable.Range(0, columns).Select(_ =>
        {
            bool gaps = _random.Next(2) == 0;
            return Enumerable.Range(0, rows).Select(_ => Cell(thresholds, gaps)).ToArray();
        })];
    }

    private double Cell(double[] thresholds, bool gaps)
    {
        double threshold = thresholds[_random.Next(thresholds.Length)];
        double value = _random.Next(9) switch
        {
            0 => _hard[_random.Next(_hard.Length)],
            1 => threshold,
            2 => double.BitIncrement(threshold),
            3 => double.BitDecrement(threshold),
            4 => (float)threshold,
            5 => _random.Next(-3, 150),
            6 => _random.NextDouble() * 200 - 20,
            _ => _random.NextDouble() * 4 - 2,
        };
        return gaps || !double.IsNaN(value) ? value : 1;
    }

    // Leaves are split until there are enough: some trees are bushes, some poles.
    private Tree Tree(int columns, int leaves, int outputs, TreePrecision precision, int thresholds, bool wide)
    {
        bool pole = _random.Next(3) == 0;
        List<TreeSplit> splits = [];
        List<CategorySet> sets = [];
        // Where each leaf hangs: the split, and whether left.
        List<(int Parent, bool Left)> open = [(-1, false)];
        while (open.Count < leaves)
        {
            int at = pole ? open.Count - 1 : _random.Next(open.Count);
            var (parent, left) = open[at];
            if (parent >= 0) splits[parent] = left ? splits[parent] with { Left = splits.Count } : splits[parent] with { Right = splits.Count };
            open[at] = (splits.Count, true);
            open.Add((splits.Count, false));
            splits.Add(Split(_random.Next(columns), sets, precision, thresholds));
        }
        int[] numbers = [.. Enumerable.Range(0, leaves)];
        _random.Shuffle(numbers);
        for (int i = 0; i < open.Count; i++)
        {
            var (parent, left) = open[i];
            if (parent >= 0) splits[parent] = left ? splits[parent] with { Left = ~numbers[i] } : splits[parent] with { Right = ~numbers[i] };
        }
        int width = wide ? outputs : 1;
        return new([.. splits], [.. numbers.Select((_, i) => new TreeLeaf(i, 1))], [.. Enumerable.Range(0, leaves * width).Select(_ => Value(precision))], wide ? 0 : _random.Next(outputs), [.. sets], []);
    }

    private TreeSplit Split(int column, List<CategorySet> sets, TreePrecision precision, int thresholds)
    {
        var missing = (MissingRule)_random.Next(3);
        // A column's splits are mostly of one kind.
        bool set = column % 4 == 3 ? _random.Next(8) > 0 : _random.Next(40) == 0;
        if (set)
        {
            sets.Add(new([.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => (ulong)_random.NextInt64() & (ulong)_random.NextInt64())]));
            return new(column, SplitTest.InSet, sets.Count - 1, missing, _random.Next(2) == 0, 0, 0, 1, 1);
        }
        double threshold = _random.Next(30) == 0 ? _hard[_random.Next(_hard.Length)] : Math.Round((_random.NextDouble() * 4 - 2) * thresholds) / thresholds;
        if (precision == TreePrecision.Single && _random.Next(2) == 0) threshold = (float)threshold;
        // Nothing is below −∞; the kernel leaves such splits to the walk.
        if (double.IsNaN(threshold) || double.IsNegativeInfinity(threshold)) threshold = -0.0;
        return new(column, _random.Next(2) == 0 ? SplitTest.AtMost : SplitTest.Below, threshold, missing, _random.Next(2) == 0, 0, 0, 1, 1);
    }

    private double Value(TreePrecision precision)
    {
        double value = _random.Next(20) == 0 ? -0.0 : (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-3, 4));
        return precision == TreePrecision.Single ? (float)value : value;
    }
}
