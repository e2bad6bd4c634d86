using System.Collections.Immutable;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>Puts the values on an ensemble's trees and finds the rule of their sums: how ONNX Runtime scores, observed where ONNX-ML leaves it open.</summary>
internal sealed class StructureBuilder(Ensemble ensemble, ImmutableArray<TreeBuilder.Shape> shapes)
{
    private const long SpareValues = 1L << 20;

    // A tree with several values a leaf has one for each output, also for those that its file leaves out.
    private readonly long _most = SpareValues + 16L * ensemble.Weights.Values.Sum(list => (long)list.Count);
    private long _values;

    /// <summary>The structure and its rule.</summary>
    public (TreeStructure Structure, ScoreRule Rule) Build()
    {
        (ScoreForm form, int outputs) = Form();
        bool[] scored = new bool[outputs];
        var trees = ImmutableArray.CreateBuilder<Tree>(shapes.Length);
        foreach (TreeBuilder.Shape shape in shapes) trees.Add(Tree(shape, form, outputs, scored));
        // ONNX Runtime leaves such a value out where it looks for the largest.
        if (Array.IndexOf(scored, false) is >= 0 and int missing) throw new UnrecognisedException($"no tree gives every row a score for value {missing}");
        TreeStructure structure = new([.. new double[outputs]], trees.MoveToImmutable(), TreeAggregate.Sum, ensemble.Precision, TreeLink.Identity, 1);
        bool positive = ensemble.Weights.Values.All(list => list.All(w => w.Weight >= 0));
        return (structure, new(form, ensemble.Averages ? ensemble.Roots.Length : 1, Bases(form, outputs), ensemble.Transform, positive, ensemble.Precision, ensemble.Result));
    }

    private (ScoreForm Form, int Outputs) Form()
    {
        if (ensemble.Classes is not { } classes) return (ScoreForm.Targets, ensemble.Targets);
        if (classes.Values.Length > 2) return (ScoreForm.Classes, ensemble.Targets);
        if (classes.Values.Length < 2) throw new UnrecognisedException("its classifier has a single class");
        HashSet<int> targets = [.. ensemble.Weights.Values.SelectMany(list => list.Select(w => w.Target))];
        return targets.Count == 1 ? (targets.Contains(0) ? ScoreForm.OneScore : ScoreForm.SecondScore, 1) : (ScoreForm.TwoScores, 2);
    }

    private ImmutableArray<double> Bases(ScoreForm form, int outputs)
    {
        double[] bases = ensemble.Bases;
        if (!bases.All(double.IsFinite)) throw new UnrecognisedException("a base value of it is no finite number");
        if (bases.Length == 0) return [];
        bool clear = form switch { ScoreForm.Targets or ScoreForm.Classes => bases.Length == outputs, ScoreForm.OneScore => bases.Length == 1, _ => false };
        return clear ? [.. bases] : throw new UnrecognisedException(FormattableString.Invariant($"it has {bases.Length} base values for {ensemble.Targets} classes with weights for one or both"));
    }

    private Tree Tree(TreeBuilder.Shape shape, ScoreForm form, int outputs, bool[] scored)
    {
        int only = -1;
        bool several = false;
        foreach (int leaf in shape.Leaves)
            foreach ((int target, _) in WeightsOf(leaf))
            {
                int output = OutputOf(target, form, outputs);
                several |= only >= 0 && only != output;
                only = output;
            }
        int width = several ? outputs : 1;
        if ((_values += (long)width * shape.Leaves.Length) > _most) throw new UnrecognisedException("its leaves have too many values");
        double[] values = new double[width * shape.Leaves.Length];
        int[] given = new int[width];
        HashSet<int> seen = [];
        for (int i = 0; i < shape.Leaves.Length; i++)
        {
            seen.Clear();
            foreach ((int target, double weight) in WeightsOf(shape.Leaves[i]))
            {
                int place = several ? OutputOf(target, form, outputs) : 0;
                if (!double.IsFinite(weight)) throw new UnrecognisedException("a leaf of it adds what is no finite number");
                if (!seen.Add(place)) throw new UnrecognisedException("a leaf of it has two weights for one value");
                values[i * width + place] = weight;
                given[place]++;
            }
        }
        for (int i = 0; i < width; i++) scored[several ? i : only] |= given[i] == shape.Leaves.Length;
        return new(shape.Splits, [.. shape.Leaves.Select(leaf => new TreeLeaf(leaf, 0))], [.. values], several ? 0 : only, shape.Sets, []);
    }

    private List<(int Target, double Weight)> WeightsOf(int leaf) => ensemble.Weights.TryGetValue(leaf, out var weights) ? weights : throw new UnrecognisedException("a leaf of it has no weight");

    private int OutputOf(int target, ScoreForm form, int outputs) =>
        form is ScoreForm.OneScore or ScoreForm.SecondScore ? 0 : target >= 0 && target < outputs ? target : throw new UnrecognisedException(FormattableString.Invariant($"a leaf of it adds to value {target} of {ensemble.Targets}"));
}
