using System.Text;
using MlSql.Models.Onnx.Graphs;
using MlSql.Models.Onnx.Protobuf;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>Reads a TreeEnsembleClassifier or TreeEnsembleRegressor (ai.onnx.ml 1 to 3), whose arrays <see cref="Graphs.TreeCheck"/> found sound.</summary>
internal sealed class EnsembleReader(ModelFile file, AttributeTable attributes, TensorElement input)
{
    private readonly TreePrecision _precision = input == TensorElement.Double ? TreePrecision.Double : TreePrecision.Single;
    private readonly Dictionary<(long Tree, long Node), int> _places = [];

    public Ensemble Read(ClassLabels? classes)
    {
        long[] trees = Wholes("nodes_treeids"), ids = Wholes("nodes_nodeids");
        for (int i = 0; i < ids.Length; i++) _places[(trees[i], ids[i])] = i;
        BranchMode[] modes = [.. attributes.TextsOf("nodes_modes").Select(ModeOf)];
        bool[] missing = Array.ConvertAll(Wholes("nodes_missing_value_tracks_true"), flag => flag != 0);
        long targets = classes?.Values.Length ?? attributes.IntegerOf("n_targets") ?? 0;
        return new()
        {
            Modes = modes,
            Features = Wholes("nodes_featureids"),
            Thresholds = Reals("nodes_values"),
            MissingTrue = missing.Length > 0 ? missing : new bool[modes.Length],
            WhenTrue = Children("nodes_truenodeids", trees, modes),
            WhenFalse = Children("nodes_falsenodeids", trees, modes),
            Roots = Roots(trees),
            Weights = Weights(classes is null ? "target" : "class"),
            Targets = targets is >= 1 and <= 100_000 ? (int)targets : throw new UnrecognisedException(FormattableString.Invariant($"its ensemble gives {targets} values")),
            Averages = AggregateOf(Text("aggregate_function")),
            Bases = Reals("base_values"),
            Transform = TransformOf(Text("post_transform")),
            Classes = classes,
            Precision = _precision,
            Result = TreePrecision.Single,
        };
    }

    /// <summary>The classes in the operator's order; refused where there are none.</summary>
    public ClassLabels ClassesOf()
    {
        string[] texts = [.. attributes.TextsOf("classlabels_strings").Select(text => file.Text(text, "A class"))];
        long[] wholes = Wholes("classlabels_int64s");
        if (texts.Length > 0 == wholes.Length > 0) throw new UnrecognisedException("its classifier has no clear classes");
        return texts.Length > 0 ? new(ClassKind.Text, [.. texts]) : new(ClassKind.Integer, [.. wholes.Select(w => FormattableString.Invariant($"{w}"))]);
    }

    private static BranchMode ModeOf(string mode) => mode switch
    {
        "BRANCH_LEQ" => BranchMode.AtMost,
        "BRANCH_LT" => BranchMode.Below,
        "BRANCH_GTE" => BranchMode.AtLeast,
        "BRANCH_GT" => BranchMode.Above,
        "BRANCH_EQ" => BranchMode.Equal,
        "BRANCH_NEQ" => BranchMode.NotEqual,
        "LEAF" => BranchMode.Leaf,
        _ => throw new UnrecognisedException($"its trees branch by {ShownText.Name(mode)}"),
    };

    private static bool AggregateOf(string? name) => name switch
    {
        null or "SUM" => false,
        "AVERAGE" => true,
        _ => throw new UnrecognisedException($"its trees are aggregated by {ShownText.Name(name)}"),
    };

    private static PostTransform TransformOf(string? name) => name switch
    {
        null or "NONE" => PostTransform.None,
        "LOGISTIC" => PostTransform.Logistic,
        "SOFTMAX" => PostTransform.Softmax,
        "SOFTMAX_ZERO" => PostTransform.SoftmaxZero,
        _ => throw new UnrecognisedException($"its post transform is {ShownText.Name(name)}"),
    };

    private BranchMode ModeOf(Slice mode) => ModeOf(Encoding.UTF8.GetString(mode.Of(file.Span)[..Math.Min(mode.Length, 64)]));

    private string? Text(string name) => attributes.TextOf(name) is { } text ? file.Text(text, $"The attribute {name}") : null;

    private long[] Wholes(string name)
    {
        List<long> values = [];
        foreach (long value in attributes.IntegersOf(name)) values.Add(value);
        return [.. values];
    }

    private double[] Reals(string name)
    {
        double[] reals = attributes.RealsOf(name);
        if (attributes.TensorOf(name + "_as_tensor") is not { } tensor) return reals;
        ConstantTensor values = ConstantTensor.Read(file, tensor);
        return reals.Length == 0 && values.Element == TensorElement.Double && _precision == TreePrecision.Double ? values.Values : throw new UnrecognisedException($"{name}_as_tensor is a tensor of {values.Element} for an input of {input}");
    }

    private int[] Children(string name, long[] trees, BranchMode[] modes)
    {
        long[] ids = Wholes(name);
        int[] children = new int[ids.Length];
        for (int i = 0; i < ids.Length; i++) children[i] = modes[i] == BranchMode.Leaf ? -1 : _places[(trees[i], ids[i])];
        return children;
    }

    // A tree begins where its number begins, as in ONNX Runtime.
    private static int[] Roots(long[] trees)
    {
        List<int> roots = [];
        HashSet<long> seen = [];
        for (int i = 0; i < trees.Length; i++)
        {
            if (i > 0 && trees[i] == trees[i - 1]) continue;
            if (!seen.Add(trees[i])) throw new UnrecognisedException($"the nodes of tree {trees[i]} do not lie together");
            roots.Add(i);
        }
        return [.. roots];
    }

    private Dictionary<int, List<(int Target, double Weight)>> Weights(string kind)
    {
        long[] trees = Wholes(kind + "_treeids"), nodes = Wholes(kind + "_nodeids"), targets = Wholes(kind + "_ids");
        double[] weights = Reals(kind + "_weights");
        Dictionary<int, List<(int, double)>> found = [];
        for (int i = 0; i < weights.Length; i++)
        {
            int place = _places[(trees[i], nodes[i])];
            if (!found.TryGetValue(place, out var list)) found.Add(place, list = []);
            list.Add(((int)Math.Clamp(targets[i], -1, int.MaxValue), weights[i]));
        }
        return found;
    }
}
