using MlSql.Models.Onnx;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Rules;

/// <summary>Decides how each prediction is computed. Linear models run in our kernel: it reads the engine's vectors in place and costs less than the engine's own arithmetic; graphs run in ONNX Runtime.</summary>
public sealed class ChooseScoring : IRule
{
    /// <inheritdoc/>
    public string Name => "choose_scoring";

    /// <inheritdoc/>
    public BoundPrediction? TryRewrite(BoundPrediction prediction) => prediction.Scoring == ScoringMode.Unchosen
        ? prediction with { Scoring = prediction.Model.Model.Structure is GraphStructure ? ScoringMode.Runtime : ScoringMode.Kernel }
        : null;
}
