using System.Collections.Immutable;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Trees;
using MlSql.Scoring.Linear;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring;

/// <summary>Finds the scorer of a model.</summary>
public static class Scorers
{
    /// <summary>Every scorer there is.</summary>
    internal static ImmutableArray<ScorerEntry> All { get; } =
    [
        new("linear", typeof(LinearStructure), static model => new LinearScorer(model, (LinearStructure)model.Structure)),
        new("trees", typeof(TreeStructure), static model => new TreeScorer(model, (TreeStructure)model.Structure)),
    ];

    /// <summary>Makes the scorer for the model's structure. Throws <see cref="Columnar.CodedException"/> MLS4002 for a model that contradicts itself.</summary>
    public static IScorer Create(Model model)
    {
        if (model.Structure is GraphStructure { Recognised: not null } graph) return new RecognisedScorer(model, graph);
        foreach (var entry in All)
            if (entry.Structure == model.Structure.GetType()) return entry.Create(model);
        throw ScoringErrors.Damaged($"no scorer knows its structure, {model.Structure.GetType().Name}");
    }
}

/// <summary>How a model structure is scored.</summary>
internal sealed record ScorerEntry(string Name, Type Structure, Func<Model, IScorer> Create);
