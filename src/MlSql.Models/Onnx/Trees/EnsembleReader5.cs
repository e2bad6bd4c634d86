using MlSql.Models.Onnx.Graphs;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>Reads a TreeEnsemble of ai.onnx.ml 5: inner nodes and leaves in arrays of their own, sets of members between NaNs. Checks every length and index.</summary>
internal sealed class EnsembleReader5(ModelFile file, AttributeTable attributes, TensorElement input)
{
    public Ensemble Read()
    {
        if (input is not (TensorElement.Float or TensorElement.Double)) throw new UnrecognisedException($"its TreeEnsemble reads {input}");
        long[] features = Wholes("nodes_featureids");
        int inner = features.Length;
        double[] modes = Tensor("nodes_modes", TensorElement.UInt8), splits = Tensor("nodes_splits", input), weights = Tensor("leaf_weights", input), members = Tensor("membership_values", input);
        long[] targets = Wholes("leaf_targetids"), missing = Wholes("nodes_missing_value_tracks_true"), roots = Wholes("tree_roots");
        int leaves = targets.Length;
        if (modes.Length != inner || splits.Length != inner || (missing.Length > 0 && missing.Length != inner) || weights.Length != leaves) throw Unsound("arrays of different lengths");
        // A tree of one leaf has an inner node both of whose children are that leaf.
        if (roots.Length == 0 || roots.Any(root => root < 0 || root >= inner)) throw Unsound("a root that is not there");
        int[] whenTrue = Children("nodes_truenodeids", "nodes_trueleafs", inner, leaves), whenFalse = Children("nodes_falsenodeids", "nodes_falseleafs", inner, leaves);
        TreePrecision precision = input == TensorElement.Double ? TreePrecision.Double : TreePrecision.Single;
        int all = inner + leaves;
        bool[] missingTrue = new bool[all];
        for (int i = 0; i < missing.Length; i++) missingTrue[i] = missing[i] != 0;
        BranchMode[] kinds = new BranchMode[all];
        for (int i = 0; i < all; i++) kinds[i] = i >= inner ? BranchMode.Leaf : modes[i] < (double)BranchMode.Leaf ? (BranchMode)modes[i] : throw Unsound($"the mode {modes[i]}");
        return new()
        {
            Modes = kinds,
            Features = Extended(features, all),
            Thresholds = Extended(splits, all),
            Members = MembersOf(kinds, members),
            MissingTrue = missingTrue,
            WhenTrue = Extended(whenTrue, all),
            WhenFalse = Extended(whenFalse, all),
            Roots = Array.ConvertAll(roots, root => (int)root),
            Weights = Enumerable.Range(0, leaves).ToDictionary(i => inner + i, i => new List<(int, double)> { ((int)Math.Clamp(targets[i], -1, int.MaxValue), weights[i]) }),
            Targets = attributes.IntegerOf("n_targets") is { } count and >= 1 and <= 100_000 ? (int)count : throw Unsound("no number of targets"),
            Averages = (attributes.IntegerOf("aggregate_function") ?? 1) switch { 0 => true, 1 => false, _ => throw new UnrecognisedException("its trees are aggregated by the smallest or largest value") },
            Bases = [],
            // ONNX-ML numbers softmax 1 and logistic 2; ONNX Runtime reads them the other way round.
            Transform = (attributes.IntegerOf("post_transform") ?? 0) switch { 0 => PostTransform.None, 1 => PostTransform.Logistic, 2 => PostTransform.Softmax, 3 => PostTransform.SoftmaxZero, var other => throw new UnrecognisedException($"its post transform is number {other}") },
            Precision = precision,
            Result = precision,
        };
    }

    private static UnrecognisedException Unsound(string what) => new($"it is unsound: {what}");

    private static T[] Extended<T>(T[] values, int length)
    {
        Array.Resize(ref values, length);
        return values;
    }

    // Sets follow each other, each up to a NaN, in the order of the nodes that ask for members.
    private static Dictionary<int, double[]> MembersOf(BranchMode[] modes, double[] members)
    {
        Dictionary<int, double[]> sets = [];
        int at = 0;
        for (int i = 0; i < modes.Length; i++)
        {
            if (modes[i] != BranchMode.Member) continue;
            int end = Array.FindIndex(members, at, double.IsNaN);
            if (end < 0) throw Unsound("fewer sets than nodes that ask for members");
            sets[i] = members[at..end];
            if (sets[i].Distinct().Count() != sets[i].Length) throw Unsound("a set that names a member twice");
            at = end + 1;
        }
        return sets;
    }

    private int[] Children(string name, string flags, int inner, int leaves)
    {
        long[] ids = Wholes(name), isLeaf = Wholes(flags);
        if (ids.Length != inner || isLeaf.Length != inner) throw Unsound("arrays of different lengths");
        int[] children = new int[inner];
        for (int i = 0; i < inner; i++)
        {
            if (ids[i] < 0 || ids[i] >= (isLeaf[i] != 0 ? leaves : inner)) throw Unsound($"a child that is not there: {ids[i]}");
            children[i] = (int)ids[i] + (isLeaf[i] != 0 ? inner : 0);
        }
        return children;
    }

    private long[] Wholes(string name)
    {
        List<long> values = [];
        foreach (long value in attributes.IntegersOf(name)) values.Add(value);
        return [.. values];
    }

    private double[] Tensor(string name, TensorElement element)
    {
        if (attributes.TensorOf(name) is not { } message) return [];
        ConstantTensor tensor = ConstantTensor.Read(file, message);
        return tensor.Element == element ? tensor.Values : throw Unsound($"{name} of {tensor.Element}");
    }
}
