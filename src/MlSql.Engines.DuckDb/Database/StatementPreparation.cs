using MlSql.Columnar;
using MlSql.Engines.DuckDb.Functions;
using MlSql.Engines.DuckDb.Interop;
using MlSql.Language;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>Gets the one statement of a text ready, with all its columns in types that have columns of ours.</summary>
internal sealed class StatementPreparation(ConnectionHandle connection, FunctionFaults faults)
{
    /// <summary>
    /// The statement and its columns, or null when the text holds none (comments only). <paramref name="run"/> runs what must come before it: for a PIVOT the query of its columns' values.
    /// Throws <see cref="EngineException"/>, or <see cref="CodedException"/> MLS6028, MLS6029, MLS6030, MLS6034.
    /// </summary>
    public PreparedStatement? Prepare(string sql, Action<PreparedStatement> run, CancellationToken cancel, out Schema columns)
    {
        columns = new Schema([]);
        PreparedStatement? prepared = PrepareAsWritten(sql, run, cancel);
        if (prepared is null) return null;
        columns = prepared.Columns;
        if (!TextCasts.Needed(columns)) return prepared;
        using (prepared) return PrepareAsText(sql, prepared, ref columns);
    }

    private PreparedStatement? PrepareAsWritten(string sql, Action<PreparedStatement> run, CancellationToken cancel)
    {
        if (sql.Contains('\0'))
            throw new CodedException(EngineErrorCodes.TextContainsNul, "The statement holds a NUL character", "remove it; in a value write chr(0)");
        using var statements = new ExtractedStatements(connection, sql);
        if (statements.Error is { } error) EngineErrors.Throw(EngineErrorType.Unknown, error, sql, faults, cancel);
        for (int i = 0; i < statements.Count; i++)
        {
            PreparedStatement? prepared = statements.Prepare(i, out error);
            if (prepared is null) EngineErrors.Throw(EngineErrorType.Unknown, error!, sql, faults, cancel);
            if (i == statements.Count - 1 && prepared.Parameters == 0) return prepared;
            using (prepared)
            {
                if (prepared.Parameters > 0)
                    throw new CodedException(EngineErrorCodes.ParametersNotAllowed, "The statement has parameters ($1, ? or $name), which have no values here", "write the values in their places");
                if (prepared.Kind != StatementKind.Create || !sql.Contains("PIVOT", StringComparison.OrdinalIgnoreCase))
                    throw new CodedException(EngineErrorCodes.SeveralStatements, $"The text holds {statements.Count} statements where one is expected", "run them one after another");
                run(prepared);
            }
        }
        return null;
    }

    // Types that have no columns of ours are cast to text by the engine, in a query around the one given.
    private PreparedStatement PrepareAsText(string sql, PreparedStatement asWritten, ref Schema columns)
    {
        if (asWritten.Kind == StatementKind.Select)
        {
            foreach (Schema readable in (ReadOnlySpan<Schema>)[columns, TextCasts.WholeColumns(columns)])
            {
                using var statements = new ExtractedStatements(connection, TextCasts.Wrap(sql, readable));
                if (statements.Count != 1 || statements.Prepare(0, out _) is not { } wrapped) continue;
                columns = readable;
                return wrapped;
            }
        }
        Field field = columns.Fields.First(f => TextCasts.Needed(f.Type));
        throw new CodedException(EngineErrorCodes.TypeNotSupported, $"Column {field.Name} is {field.Type}, which MlSql does not read here", $"cast it: CAST({SqlQuote.Identifier(field.Name)} AS VARCHAR)");
    }
}
