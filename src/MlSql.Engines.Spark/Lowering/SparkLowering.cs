using System.Collections.Immutable;
using MlSql.Language;
using MlSql.Planning;
using MlSql.Planning.Plans;

namespace MlSql.Engines.Spark.Lowering;

/// <summary>Turns an optimised statement into steps for Spark. Pure. The SQL of the steps is Spark's, but for what the text rewrite does to it when it runs.</summary>
internal static class SparkLowering
{
    /// <summary>The program of a statement.</summary>
    public static EngineProgram Lower(BoundStatement statement)
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
                steps.Add(new TrainStep(t, TrainingSql(t)));
                break;
            case BoundDropModel or BoundAlter or BoundNothing or BoundImport or BoundExport:
                steps.Add(new StoreStep(statement));
                break;
            default:
                throw new System.Diagnostics.UnreachableException(statement.GetType().Name);
        }
        return new EngineProgram(steps.ToImmutable());

        string Print(BoundSql sql)
        {
            var writer = new SparkSqlWriter(steps, functions);
            writer.Write(sql);
            return writer.ToString();
        }

        string TrainingSql(BoundTrain train)
        {
            var columns = train.Features.Select(f => SqlQuote.Identifier(f.Name)).Append(SqlQuote.Identifier(train.Label.Name)).ToList();
            if (train.Weight is not null) columns.Add($"CAST({Print(train.Weight)} AS DOUBLE) AS __mlsql_weight");
            if (train.Split.By is { } by) columns.Add($"({Print(by)}) AS __mlsql_split");
            // A comment at the end of the query must not swallow the bracket.
            return $"SELECT {string.Join(", ", columns)} FROM ({Print(train.Query)}\n)";
        }
    }
}
