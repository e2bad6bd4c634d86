using System.Collections.Immutable;
using MlSql.Language;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Lowering;

/// <summary>What an engine says in its own way when a program is made for it.</summary>
public interface ILoweringDialect
{
    /// <summary>The function that computes a prediction, under a name that nothing else has.</summary>
    PredictFunction Function(BoundPrediction prediction);

    /// <summary>A prediction as an expression; asked for <see cref="ScoringMode.Inline"/> alone. <paramref name="arguments"/> are the features' expressions as text.</summary>
    string Inline(BoundPrediction prediction, IReadOnlyList<string> arguments);

    /// <summary>
    /// A relation with the columns of <paramref name="source"/> and, as <paramref name="column"/>, what <paramref name="call"/> gives for each of its rows, computed once whatever is asked of it. Null where an expression in a subquery is just that.
    /// </summary>
    string? Attach(string call, string column, string source);
}

/// <summary>Turns an optimised statement into steps. Pure. The SQL is in the words of portable scripts; an engine that has others for them rewrites it like a script's.</summary>
public static class ProgramLowering
{
    /// <summary>The program of a statement.</summary>
    public static EngineProgram Lower(BoundStatement statement, ILoweringDialect dialect)
    {
        var steps = ImmutableArray.CreateBuilder<ProgramStep>();
        var functions = new HashSet<string>(StringComparer.Ordinal);
        switch (statement)
        {
            case BoundQuery q:
                steps.Add(new RunSqlStep(Print(q.Sql)));
                break;
            case BoundListing l:
                steps.Add(new RunSqlStep(Print(l.Sql)));
                break;
            case BoundTrain t:
                steps.Add(new TrainStep(t, TrainingColumns(t), Print(t.Query)));
                break;
            case BoundDropModel or BoundAlter or BoundNothing or BoundImport or BoundBoosterImport or BoundExport:
                steps.Add(new StoreStep(statement));
                break;
            default:
                throw new System.Diagnostics.UnreachableException(statement.GetType().Name);
        }
        return new EngineProgram(steps.ToImmutable());

        string Print(BoundSql sql)
        {
            var writer = new SqlWriter(dialect, steps, functions);
            writer.Write(sql);
            return writer.ToString();
        }

        string TrainingColumns(BoundTrain train)
        {
            var columns = train.Features.Select(f => SqlQuote.Identifier(f.Name)).Append(SqlQuote.Identifier(train.Label.Name)).ToList();
            if (train.Weight is not null) columns.Add($"CAST({Print(train.Weight)} AS DOUBLE) AS __mlsql_weight");
            if (train.Split.By is { } by) columns.Add($"({Print(by)}) AS __mlsql_split");
            return string.Join(", ", columns);
        }
    }
}
