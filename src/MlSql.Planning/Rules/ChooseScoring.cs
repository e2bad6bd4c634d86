using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Rules;

/// <summary>
/// Decides how each prediction is computed. Graphs run in ONNX Runtime unless they are recognised as trees. Trees run in our kernels. Linear models run in our kernel where it reads the engine's columns in place and costs less than the engine's own arithmetic;
/// where rows would travel to a process of ours first, they become SQL. Explanations are the kernels' alone.
/// </summary>
public sealed class ChooseScoring : IRule
{
    // Each encoded column is a term of an expression or an entry that is searched for; with more of them the kernel is the faster way again.
    private const int MaxInlineTerms = 200;

    /// <inheritdoc/>
    public string Name => "choose_scoring";

    /// <inheritdoc/>
    public BoundPrediction? TryRewrite(BoundPrediction prediction, EngineCapabilities engine) => prediction.Scoring == ScoringMode.Unchosen
        ? prediction with { Scoring = prediction.Output == PredictionOutput.Explanation ? ScoringMode.Kernel : Choose(prediction.Model.Model, engine) }
        : null;

    private static ScoringMode Choose(Model model, EngineCapabilities engine) =>
        model.Structure is GraphStructure { Recognised: null } ? ScoringMode.Runtime
        : engine.InlinesLinearModels && model is { Structure: LinearStructure, Signature.Task: not ModelTask.Booster } && IsInlined(model) ? ScoringMode.Inline
        : ScoringMode.Kernel;

    // Calendars and lists stay with the kernel, which computes them exactly alike on every engine.
    private static bool IsInlined(Model model) =>
        model.EncodedWidth <= MaxInlineTerms && model.Featurizers.All(f => f is NumericFeaturizer or OneHotFeaturizer);
}
