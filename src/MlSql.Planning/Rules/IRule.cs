using MlSql.Planning.Plans;

namespace MlSql.Planning.Rules;

/// <summary>A rewrite of one prediction. Pure.</summary>
public interface IRule
{
    /// <summary>Its name in traces and in its file of examples.</summary>
    string Name { get; }

    /// <summary>The better form for an engine of these capabilities, or null when there is none.</summary>
    BoundPrediction? TryRewrite(BoundPrediction prediction, EngineCapabilities engine);
}
