using MlSql.Models;

namespace MlSql.Scoring;

/// <summary>Finds the scorer of a model.</summary>
public static class Scorers
{
    /// <summary>Makes the scorer for the model's structure.</summary>
    public static IScorer Create(Model model) => throw new NotImplementedException(model.Structure.GetType().Name);
}
