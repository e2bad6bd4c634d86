using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx;
using MlSql.Models.Trees;

namespace MlSql.UnitTests.Models;

/// <summary>Any model that holds together: nested structs, odd names, every bit pattern of a double.</summary>
internal sealed class RandomModel(int seed)
{
    private static readonly double[] Corners =
        [0.0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8_0000_DEAD_BEEF)), double.Epsilon, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity];

    private readonly Random _random = new(seed);
    private readonly List<(ImmutableArray<int> Path, FeatureType Type)> _leaves = [];

    public Model Next()
    {
        if (_random.Next(4) == 0) return Graph();
        ImmutableArray<Feature> features = Features(_random.Next(5), [], 0);
        ImmutableArray<Featurizer> featurizers = [.. _leaves.Where(_ => _random.Next(5) > 0).Select(leaf => Featurizer(leaf.Path[0], leaf.Path[1..], leaf.Type))];
        int width = featurizers.Sum(f => f.Width);
        ModelStructure structure = _random.Next(2) == 0 ? Trees(width) : new LinearStructure(Reals(width), Real(), (Link)_random.Next(2));
        (int count, bool apart) = structure switch
        {
            TreeStructure trees => (trees.Classes, trees is { Link: TreeLink.Logistic, Outputs: > 1 }),
            LinearStructure linear => (linear.Link == Link.Logistic ? 2 : 0, false),
            _ => (0, false),
        };
        ModelTask task = _random.Next(3) switch
        {
            0 when count > 0 && !apart => ModelTask.Classification,
            1 => ModelTask.Booster,
            _ => ModelTask.Regression,
        };
        return new(new(features, Text(), task, count > 0 && task != ModelTask.Regression ? Classes(count) : null), featurizers, structure);
    }

    private TreeStructure Trees(int columns)
    {
        int outputs = 1 + _random.Next(3);
        return new(
            Reals(outputs), [.. Enumerable.Range(0, _random.Next(4)).Select(_ => RandomTree(columns, outputs))],
            (TreeAggregate)_random.Next(2), (TreePrecision)_random.Next(2), (TreeLink)_random.Next(Enum.GetValues<TreeLink>().Length), Real());
    }

    // Each split takes the place of any leaf of the tree so far.
    private Tree RandomTree(int columns, int outputs)
    {
        ImmutableArray<CategorySet> sets = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => new CategorySet([.. Enumerable.Range(0, _random.Next(3)).Select(_ => (ulong)_random.NextInt64())]))];
        TreeSplit[] splits = new TreeSplit[columns == 0 ? 0 : _random.Next(6)];
        List<(int Split, bool Left)> open = [];
        for (int i = 0; i < splits.Length; i++)
        {
            if (i > 0) Fill(i);
            bool inSet = sets.Length > 0 && _random.Next(3) == 0;
            double threshold = Real();
            splits[i] = new(
                _random.Next(columns), inSet ? SplitTest.InSet : (SplitTest)_random.Next(2), inSet ? _random.Next(sets.Length) : double.IsNaN(threshold) ? 0 : threshold,
                (MissingRule)_random.Next(3), _random.Next(2) == 0, 0, 0, Real(), Real());
            open.AddRange([(i, true), (i, false)]);
        }
        int leaves = splits.Length + 1;
        for (int leaf = 0; open.Count > 0; leaf++) Fill(~leaf);
        bool wide = _random.Next(3) == 0;
        return new(
            [.. splits], [.. Enumerable.Range(0, leaves).Select(_ => new TreeLeaf(_random.Next(), Real()))], Reals(wide ? leaves * outputs : leaves), wide ? 0 : _random.Next(outputs), sets,
            wide || _random.Next(3) > 0 ? [] : [.. Enumerable.Range(0, leaves).Select(_ => LinearLeaf(columns))]);

        void Fill(int child)
        {
            int at = _random.Next(open.Count);
            (int split, bool left) = open[at];
            open.RemoveAt(at);
            splits[split] = left ? splits[split] with { Left = child } : splits[split] with { Right = child };
        }
    }

    private LinearLeaf LinearLeaf(int columns)
    {
        int count = columns == 0 ? 0 : _random.Next(3);
        return new(Real(), [.. Enumerable.Range(0, count).Select(_ => _random.Next(columns))], Reals(count));
    }

    private Model Graph()
    {
        var features = ImmutableArray.CreateBuilder<Feature>();
        var inputs = ImmutableArray.CreateBuilder<GraphInput>();
        TensorElement[] elements = Enum.GetValues<TensorElement>();
        for (int i = _random.Next(4); i > 0; i--)
        {
            TensorElement element = elements[_random.Next(elements.Length)];
            ImmutableArray<int> shape = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => 1 + _random.Next(3))];
            int width = shape.Aggregate(1, (product, size) => product * size), first = features.Count;
            bool list = width > 1 && _random.Next(2) == 0;
            for (int f = 0; f < (list ? 1 : width); f++) features.Add(new(Text(), list ? new TensorListFeature(element, width) : new TensorFeature(element)));
            inputs.Add(new(Text(), element, shape, [.. Enumerable.Range(first, features.Count - first)]));
        }
        ImmutableArray<GraphOutput> outputs = [.. Enumerable.Range(0, 1 + _random.Next(3)).Select(_ => new GraphOutput(Text(), Text(), OutputType(), _random.Next(2) == 0, _random.Next(2) == 0 ? null : 1 + _random.Next(9)))];
        ClassLabels? classes = outputs.Length > 1 && _random.Next(2) == 0 ? Classes() : null;
        int[] order = [.. Enumerable.Range(0, classes?.Values.Length ?? 0)];
        _random.Shuffle(order);
        byte[] graph = new byte[_random.Next(40)];
        _random.NextBytes(graph);
        ModelTask task = classes is not null ? ModelTask.Classification : _random.Next(2) == 0 ? ModelTask.Regression : ModelTask.Graph;
        return new(new(features.ToImmutable(), Text(), task, classes), [], new GraphStructure([.. graph], inputs.ToImmutable(), outputs, _random.Next(2) == 0 ? null : 1 + _random.Next(5), _random.Next(2) == 0, [.. order]));
    }

    private DataType OutputType() => _random.Next(7) switch
    {
        0 => new BooleanType(),
        1 => new StringType(),
        2 => new FloatType(_random.Next(2) == 0 ? 32 : 64),
        3 => new IntegerType(8 << _random.Next(4), _random.Next(2) == 0),
        4 => new ListType(new FloatType(32)),
        5 => new MapType(new IntegerType(64, true), new FloatType(32)),
        _ => new ListType(new ListType(new StringType())),
    };

    private ClassLabels Classes() => _random.Next(3) switch
    {
        0 => new(ClassKind.Boolean, ["false", "true"]),
        1 => new(ClassKind.Integer, ["-3", "2", "10"]),
        _ => new(ClassKind.Text, Levels(1)),
    };

    private ClassLabels Classes(int count) => count == 2 && _random.Next(2) == 0
        ? new(ClassKind.Boolean, ["false", "true"])
        : new(ClassKind.Integer, [.. Enumerable.Range(_random.Next(-5, 5), count).Select(c => c.ToString(CultureInfo.InvariantCulture))]);

    private ImmutableArray<Feature> Features(int count, ImmutableArray<int> path, int depth)
    {
        var features = ImmutableArray.CreateBuilder<Feature>();
        for (int i = 0; i < count; i++)
        {
            ImmutableArray<int> here = path.Add(i);
            FeatureType type = _random.Next(depth < 4 ? 8 : 7) switch
            {
                0 => new NumberFeature(),
                1 => new BooleanFeature(),
                2 => new TextFeature(),
                3 => new DateFeature(),
                4 => new InstantFeature(),
                5 => new LocalTimeFeature(),
                6 => new NumberListFeature(_random.Next(4)),
                _ => new StructFeature(Features(_random.Next(4), here, depth + 1)),
            };
            if (type is not StructFeature) _leaves.Add((here, type));
            features.Add(new(Text(), type));
        }
        return features.ToImmutable();
    }

    private Featurizer Featurizer(int feature, ImmutableArray<int> path, FeatureType type) => type switch
    {
        TextFeature when _random.Next(2) == 0 => new LevelFeaturizer(feature, path, Levels(0)),
        NumberListFeature list when _random.Next(2) == 0 => new RawFeaturizer(feature, path, list.Length),
        NumberFeature or BooleanFeature when _random.Next(2) == 0 => new RawFeaturizer(feature, path, 1),
        DateFeature or InstantFeature or LocalTimeFeature when _random.Next(2) == 0 => new RawFeaturizer(feature, path, CalendarParts.Count),
        TextFeature => new OneHotFeaturizer(feature, path, Levels(0), _random.Next(2) == 0),
        NumberListFeature list => new NumberListFeaturizer(feature, path, Reals(list.Length), Reals(list.Length)),
        NumberFeature or BooleanFeature => new NumericFeaturizer(feature, path, Real(), Real()),
        _ => new CalendarFeaturizer(feature, path, Reals(CalendarParts.Count), Reals(CalendarParts.Count)),
    };

    private ImmutableArray<string> Levels(int least) =>
        [.. Enumerable.Range(0, least + _random.Next(6)).Select(_ => Text()).Distinct().OrderBy(Encoding.UTF8.GetBytes, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))];

    private ImmutableArray<double> Reals(int count) => [.. Enumerable.Range(0, count).Select(_ => Real())];

    private double Real() => _random.Next(3) == 0 ? Corners[_random.Next(Corners.Length)] : BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue));

    private string Text()
    {
        StringBuilder text = new();
        for (int i = _random.Next(6); i > 0; i--)
        {
            int code = _random.Next(4) == 0 ? _random.Next(0x10FFFF) : _random.Next(0x180);
            text.Append(Rune.IsValid(code) ? new Rune(code) : new Rune('\uFFFD'));
        }
        return text.ToString();
    }
}
