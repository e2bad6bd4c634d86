using MlSql.Planning.Plans;

namespace MlSql.Planning.Rules;

/// <summary>One rewrite of a prediction that keeps its results.</summary>
public interface IRule
{
    /// <summary>The name that EXPLAIN OPTIMIZED shows.</summary>
    string Name { get; }

    /// <summary>The better prediction, or null when there is nothing to do.</summary>
    BoundPrediction? TryRewrite(BoundPrediction prediction);
}
