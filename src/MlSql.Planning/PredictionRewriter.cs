using MlSql.Planning.Plans;

namespace MlSql.Planning;

/// <summary>Applies a change to every prediction of a statement, innermost first.</summary>
internal static class PredictionRewriter
{
    public static BoundStatement Rewrite(BoundStatement statement, Func<BoundPrediction, BoundPrediction> change) => statement switch
    {
        BoundQuery q => q with { Sql = Rewrite(q.Sql, change) },
        BoundTrain t => t with { Query = Rewrite(t.Query, change), Weight = t.Weight is null ? null : Rewrite(t.Weight, change) },
        BoundListing l => l with { Sql = Rewrite(l.Sql, change) },
        BoundExplain e => e with { Inner = e.Inner is null ? null : Rewrite(e.Inner, change) },
        BoundNothing or BoundDropModel or BoundAlter or BoundImport or BoundBoosterImport or BoundExport => statement,
        _ => throw new System.Diagnostics.UnreachableException(statement.GetType().Name),
    };

    private static BoundSql Rewrite(BoundSql sql, Func<BoundPrediction, BoundPrediction> change) => new([.. sql.Parts.Select(part => part switch
    {
        BoundPrediction p => change(Inside(p, change)),
        BoundPredictTable t => t with { Row = change(Inside(t.Row, change)), Source = Rewrite(t.Source, change) },
        BoundEvaluation e => e with { Score = change(Inside(e.Score, change)), Source = Rewrite(e.Source, change) },
        BoundImportance i => i with { Score = change(Inside(i.Score, change)), Source = Rewrite(i.Source, change) },
        BoundText or BoundRows => part,
        _ => throw new System.Diagnostics.UnreachableException(part.GetType().Name),
    })]);

    private static BoundPrediction Inside(BoundPrediction prediction, Func<BoundPrediction, BoundPrediction> change) =>
        prediction with { Arguments = [.. prediction.Arguments.Select(a => Rewrite(a, change))] };
}
