using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Trees;
using MlSql.Scoring.Featurizers;
using MlSql.Scoring.Kernels;

namespace MlSql.Scoring.Trees;

/// <summary>Sums what the leaves of an ensemble hold, tree after tree; see <see cref="TreeWalk"/> for what that is to the bit.</summary>
internal sealed class TreeScorer : IScorer
{
    private readonly TreeFeatureKernel _kernel;
    private readonly FeatureColumns _columns;

    public TreeScorer(Model model, TreeStructure ensemble)
    {
        if (TreeCheck.FirstFault(ensemble, model.EncodedWidth) is { } fault) throw ScoringErrors.Damaged(fault);
        (_kernel, Signature, _columns) = (new(model, ensemble), model.Signature, new(model.Signature.Features));
    }

    public ModelSignature Signature { get; }

    public int Outputs => _kernel.Outputs;

    public void Score(ReadOnlySpan<ColumnView> features, Span<double> scores)
    {
        int rows = scores.Length / Outputs;
        _columns.Check(features, rows);
        _kernel.Score(features, rows, scores);
    }
}
