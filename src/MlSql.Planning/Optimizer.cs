using System.Collections.Immutable;
using MlSql.Planning.Plans;
using MlSql.Planning.Rules;

namespace MlSql.Planning;

/// <summary>A bound statement after the rules, and which rules changed it, in order.</summary>
public sealed record OptimizedStatement(BoundStatement Statement, ImmutableArray<string> Trace);

/// <summary>Rewrites the ML parts of a statement; the relational rest is the engine's to optimise. Pure.</summary>
public static class Optimizer
{
    /// <summary>All rules in the order in which they run.</summary>
    public static ImmutableArray<IRule> Rules { get; } =
    [
        new DropUnreadFeatures(),
        new ChooseScoring(), // last: what is read is final
    ];

    /// <summary>Runs every rule once over every prediction of the statement.</summary>
    public static OptimizedStatement Optimize(BoundStatement statement, EngineCapabilities engine)
    {
        var trace = ImmutableArray.CreateBuilder<string>();
        foreach (var rule in Rules)
        {
            int rewrites = 0;
            statement = PredictionRewriter.Rewrite(statement, prediction =>
            {
                if (rule.TryRewrite(prediction, engine) is not { } rewritten) return prediction;
                rewrites++;
                return rewritten;
            });
            if (rewrites > 0) trace.Add(rewrites == 1 ? rule.Name : $"{rule.Name} × {rewrites}");
        }
        return new OptimizedStatement(statement, trace.ToImmutable());
    }
}
