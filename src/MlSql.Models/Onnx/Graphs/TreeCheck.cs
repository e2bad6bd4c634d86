using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Graphs;

/// <summary>Checks a TreeEnsembleClassifier or TreeEnsembleRegressor: arrays of one length, children that are there and run in no circle, features within the input, weights of nodes that are there.</summary>
internal sealed class TreeCheck(ModelFile file, NodeFields node)
{
    private static readonly string[] NodeArrays = ["nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_modes", "nodes_truenodeids", "nodes_falsenodeids"];
    private static readonly string[] OptionalArrays = ["nodes_hitrates", "nodes_missing_value_tracks_true"];
    private readonly AttributeTable _attributes = new(file, node);
    private readonly string _shown = node.Shown(file);
    private readonly Dictionary<(long Tree, long Id), int> _places = [];
    private long[] _trees = [];
    private long[] _ids = [];

    /// <summary>True for a node that this class checks.</summary>
    public static bool Reads(ModelFile file, in NodeFields node) => node.Is(file, "ai.onnx.ml"u8, "TreeEnsembleClassifier"u8) || node.Is(file, "ai.onnx.ml"u8, "TreeEnsembleRegressor"u8);

    /// <summary>Throws on the first fault. <paramref name="width"/> is the number of features, null where it is not known.</summary>
    public void Check(long? width)
    {
        long count = EqualLengths();
        _trees = Integers("nodes_treeids", count);
        _ids = Integers("nodes_nodeids", count);
        _places.EnsureCapacity(_trees.Length);
        for (int i = 0; i < _trees.Length; i++)
            if (!_places.TryAdd((_trees[i], _ids[i]), i)) throw file.Errors.TreeDuplicate(_shown, _trees[i], _ids[i]);
        bool[] isLeaf = new bool[_trees.Length];
        int place = 0;
        foreach (Slice mode in _attributes.TextsOf("nodes_modes")) isLeaf[place++] = mode.Of(file.Span).SequenceEqual("LEAF"u8);
        CheckFeatures(isLeaf, width);
        CheckCircles(Children("nodes_truenodeids", isLeaf), Children("nodes_falsenodeids", isLeaf));
        CheckWeights("class", Math.Max(_attributes.LengthOf("classlabels_int64s"), _attributes.LengthOf("classlabels_strings")));
        CheckWeights("target", _attributes.IntegerOf("n_targets"));
    }

    private long EqualLengths()
    {
        long count = _attributes.LengthOf(NodeArrays[0]);
        foreach (string name in NodeArrays)
            Equal(NodeArrays[0], count, name, _attributes.LengthOf(name));
        Equal(NodeArrays[0], count, "nodes_values", _attributes.LengthOf("nodes_values") + _attributes.LengthOf("nodes_values_as_tensor"));
        foreach (string name in OptionalArrays)
            if (_attributes.LengthOf(name) + _attributes.LengthOf(name + "_as_tensor") is > 0 and long length) Equal(NodeArrays[0], count, name, length);
        return count;
    }

    private void Equal(string first, long firstLength, string second, long secondLength)
    {
        if (firstLength != secondLength) throw file.Errors.TreeArrays(_shown, first, firstLength, second, secondLength);
    }

    private long[] Integers(string name, long count)
    {
        long[] values = new long[count];
        int place = 0;
        foreach (long value in _attributes.IntegersOf(name)) values[place++] = value;
        return values;
    }

    private void CheckFeatures(bool[] isLeaf, long? width)
    {
        int place = 0;
        foreach (long feature in _attributes.IntegersOf("nodes_featureids"))
            if (!isLeaf[place++] && (feature < 0 || feature >= width)) throw file.Errors.TreeReads(_shown, feature, width);
    }

    private int[] Children(string name, bool[] isLeaf)
    {
        int[] children = new int[isLeaf.Length];
        int place = 0;
        foreach (long child in _attributes.IntegersOf(name))
        {
            int at = place++;
            children[at] = -1;
            if (!isLeaf[at] && !_places.TryGetValue((_trees[at], child), out children[at])) throw file.Errors.TreeChild(_shown, _trees[at], _ids[at], child);
        }
        return children;
    }

    private void CheckCircles(int[] whenTrue, int[] whenFalse)
    {
        const byte Done = 3;
        byte[] marks = new byte[whenTrue.Length];
        Stack<int> path = new();
        for (int root = 0; root < marks.Length; root++)
        {
            if (marks[root] != 0) continue;
            path.Push(root);
            while (path.TryPeek(out int at))
            {
                file.Cancel.ThrowIfCancellationRequested();
                // 0: not looked at, 1: the first child was followed, 2: both were.
                if (marks[at] is 2 or Done)
                {
                    marks[at] = Done;
                    path.Pop();
                    continue;
                }
                int child = marks[at]++ == 0 ? whenTrue[at] : whenFalse[at];
                if (child < 0 || marks[child] == Done) continue;
                if (marks[child] != 0) throw file.Errors.TreeCircle(_shown, _trees[at], _ids[at], _ids[child]);
                path.Push(child);
            }
        }
    }

    private void CheckWeights(string kind, long? targets)
    {
        string trees = kind + "_treeids", nodes = kind + "_nodeids", ids = kind + "_ids", weights = kind + "_weights";
        long count = _attributes.LengthOf(trees);
        Equal(trees, count, nodes, _attributes.LengthOf(nodes));
        Equal(trees, count, ids, _attributes.LengthOf(ids));
        Equal(trees, count, weights, _attributes.LengthOf(weights) + _attributes.LengthOf(weights + "_as_tensor"));
        IntegerField node = _attributes.IntegersOf(nodes), id = _attributes.IntegersOf(ids);
        foreach (long tree in _attributes.IntegersOf(trees))
        {
            node.MoveNext();
            id.MoveNext();
            if (!_places.ContainsKey((tree, node.Current))) throw file.Errors.LeafMissing(_shown, nodes, tree, node.Current);
            if (id.Current < 0 || id.Current >= targets) throw file.Errors.NoSuchTarget(_shown, ids, id.Current, targets);
        }
    }
}
