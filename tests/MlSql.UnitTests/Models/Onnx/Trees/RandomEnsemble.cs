using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Export;

namespace MlSql.UnitTests.Models.Onnx.Trees;

/// <summary>Random trees as the attributes of ONNX-ML, and numbers near their thresholds.</summary>
internal sealed class RandomEnsemble(Random random, int columns, TensorElement element)
{
    private static readonly string[] Modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];
    private readonly List<long> _trees = [], _ids = [], _features = [], _true = [], _false = [], _missing = [], _weightTrees = [], _weightNodes = [], _weightIds = [];
    private readonly List<string> _modes = [];
    private readonly List<double> _values = [], _weights = [];

    /// <summary>The thresholds that occur.</summary>
    public IReadOnlyList<double> Thresholds => _values;

    /// <summary>Adds a tree whose leaves give a weight to each of the targets; one mode for all nodes, or any where it is null.</summary>
    public void Add(int depth, IReadOnlyList<int> targets, Func<double> weight, string? mode)
    {
        long tree = _trees.Count == 0 ? 0 : _trees[^1] + 1, next = 0;
        Node(depth);

        long Node(int left)
        {
            long id = next++;
            int place = _ids.Count;
            bool leaf = left == 0 || random.Next(6) == 0;
            _trees.Add(tree);
            _ids.Add(id);
            _features.Add(leaf ? 0 : random.Next(columns));
            _modes.Add(leaf ? "LEAF" : mode ?? Modes[random.Next(Modes.Length)]);
            double value = random.Next(3) switch { 0 => random.Next(-4, 5), 1 => random.Next(-8, 9) / 4.0, _ => random.NextDouble() * 6 - 3 };
            _values.Add(leaf ? 0 : element == TensorElement.Double ? value : (float)value);
            _missing.Add(leaf ? 0 : random.Next(2));
            _true.Add(0);
            _false.Add(0);
            if (leaf)
            {
                foreach (int target in targets)
                {
                    _weightTrees.Add(tree);
                    _weightNodes.Add(id);
                    _weightIds.Add(target);
                    _weights.Add((float)weight());
                }
                return id;
            }
            _true[place] = Node(left - 1);
            _false[place] = Node(left - 1);
            return id;
        }
    }

    /// <summary>Adds a tree that asks one column for a set of values as converters of LightGBM do: a chain of comparisons, all with one true branch.</summary>
    public void AddChain(IReadOnlyList<double> values, int feature, bool missing, int target)
    {
        long tree = _trees.Count == 0 ? 0 : _trees[^1] + 1;
        int count = values.Count;
        for (int i = 0; i < count + 2; i++)
        {
            bool leaf = i >= count;
            _trees.Add(tree);
            _ids.Add(i);
            _features.Add(leaf ? 0 : feature);
            _modes.Add(leaf ? "LEAF" : "BRANCH_EQ");
            _values.Add(leaf ? 0 : (float)values[i]);
            _missing.Add(!leaf && missing ? 1 : 0);
            _true.Add(leaf ? 0 : count);
            _false.Add(leaf ? 0 : i == count - 1 ? count + 1 : i + 1);
        }
        for (int i = 0; i < 2; i++)
        {
            _weightTrees.Add(tree);
            _weightNodes.Add(count + i);
            _weightIds.Add(target);
            _weights.Add(i + 1);
        }
    }

    /// <summary>The attributes of version 1 to 3; doubles as tensors where <paramref name="asTensors"/>.</summary>
    public NodeAttribute[] Attributes(string weights, bool asTensors) =>
    [
        NodeAttribute.Of("nodes_treeids", [.. _trees]), NodeAttribute.Of("nodes_nodeids", [.. _ids]), NodeAttribute.Of("nodes_featureids", [.. _features]), NodeAttribute.Of("nodes_modes", [.. _modes]),
        NodeAttribute.Of("nodes_truenodeids", [.. _true]), NodeAttribute.Of("nodes_falsenodeids", [.. _false]), NodeAttribute.Of("nodes_missing_value_tracks_true", [.. _missing]), Reals("nodes_values", _values, asTensors),
        NodeAttribute.Of(weights + "_treeids", [.. _weightTrees]), NodeAttribute.Of(weights + "_nodeids", [.. _weightNodes]), NodeAttribute.Of(weights + "_ids", [.. _weightIds]), Reals(weights + "_weights", _weights, asTensors),
    ];

    /// <summary>A column of numbers at, beside and between the thresholds, with both infinities, both zeros and NaN.</summary>
    public double[] Numbers(int rows)
    {
        double[] numbers = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            double near = _values.Count == 0 ? 0 : _values[random.Next(_values.Count)];
            numbers[i] = random.Next(9) switch
            {
                0 => near,
                1 => element == TensorElement.Double ? Math.BitIncrement(near) : MathF.BitIncrement((float)near),
                2 => element == TensorElement.Double ? Math.BitDecrement(near) : MathF.BitDecrement((float)near),
                3 => random.NextDouble() * 8 - 4,
                4 => random.Next(-5, 45),
                5 => random.Next(4) switch { 0 => double.PositiveInfinity, 1 => double.NegativeInfinity, 2 => -0.0, _ => 0 },
                6 => double.NaN,
                7 => near + random.Next(-2, 3),
                _ => random.Next(-20, 20) / 4.0,
            };
        }
        return numbers;
    }

    private static NodeAttribute Reals(string name, List<double> values, bool asTensors) =>
        asTensors ? NodeAttribute.Tensor(name + "_as_tensor", [.. values], TensorElement.Double) : NodeAttribute.Of(name, [.. values.Select(v => (float)v)]);
}
