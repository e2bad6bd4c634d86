using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.Engines.Spark.Connect;

/// <summary>Builds the plans that we send.</summary>
internal static class Plans
{
    /// <summary>A query as text; <paramref name="named"/> fills :name, <paramref name="positional"/> fills ? (not both).</summary>
    public static Relation Sql(string text, IEnumerable<KeyValuePair<string, Expression>>? named = null, IEnumerable<Expression>? positional = null)
    {
        var sql = new SQL { Query = text };
        foreach ((string name, Expression value) in named ?? []) sql.NamedArguments.Add(name, value);
        sql.PosArguments.AddRange(positional ?? []);
        return new Relation { Sql = sql };
    }

    /// <summary>Rows spread anew over <paramref name="partitions"/> partitions.</summary>
    public static Relation Repartition(Relation input, int partitions) => new() { Repartition = new Repartition { Input = input, NumPartitions = partitions, Shuffle = true } };

    /// <summary>Rows through a function over whole batches; with <paramref name="barrier"/> all partitions run at once, or none.</summary>
    public static Relation MapPartitions(Relation input, WorkerFunction function, bool barrier) =>
        new() { MapPartitions = new MapPartitions { Input = input, Func = function.ToMessage(), IsBarrier = barrier } };

    /// <summary>A type as SQL spells it, for where the server parses it.</summary>
    public static DataType Type(string ddl) => new() { Unparsed = new DataType.Types.Unparsed { DataTypeString = ddl } };

    /// <summary>A column by name, quoted where that is needed by the caller.</summary>
    public static Expression Column(string name) => new() { UnresolvedAttribute = new Expression.Types.UnresolvedAttribute { UnparsedIdentifier = name } };
}
