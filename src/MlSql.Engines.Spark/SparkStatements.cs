using System.Diagnostics;
using System.Runtime.CompilerServices;
using MlSql.Columnar;
using MlSql.Columnar.Ipc;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;
using MlSql.Engines.Spark.Text;
using MlSql.Planning;

namespace MlSql.Engines.Spark;

/// <summary>Runs statements of a session: says them in Spark's words, and remembers what names they leave behind. One at a time.</summary>
internal sealed class SparkStatements(SparkSession session, SparkNames first, LastingViews? lasting, Func<SparkException, CodedException> explain)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly List<string> _dropAtEnd = [];
    private readonly Dictionary<string, long> _described = new(StringComparer.Ordinal);     // views over files, by when a description made them
    private SparkNames _names = first;

    /// <summary>The columns of a query, without running it. Throws <see cref="SparkException"/>, <see cref="SparkTextException"/>.</summary>
    public async Task<Schema> DescribeAsync(string sql, CancellationToken cancel)
    {
        await MakeViewsAsync(sql, cancel).ConfigureAwait(false);
        var script = SparkRewriter.Rewrite(sql, _names);
        foreach (var text in script.Before)
        {
            if (IsFresh(text)) continue;
            await CommandAsync(text, null, cancel).ConfigureAwait(false);
            _described[text.Text] = Stopwatch.GetTimestamp();
        }
        return await InPlaceAsync(script.Main!, async () => SparkTypes.ToSchema(await session.Analysis.SchemaAsync(Plans.Sql(script.Main!.Text), cancel).ConfigureAwait(false))).ConfigureAwait(false);
    }

    /// <summary>Runs a statement. Throws <see cref="SparkException"/>, <see cref="SparkTextException"/>.</summary>
    public async Task<EngineOutcome> RunAsync(string sql, IProgress<SparkProgress>? progress, CancellationToken cancel)
    {
        var script = await PrepareAsync(sql, cancel).ConfigureAwait(false);
        if (script.DroppedView is { } dropped && lasting is not null && _names.Views.GetValueOrDefault(dropped)?.IsLasting != false && lasting.Has(dropped, cancel))
        {
            lasting.Drop(dropped, cancel);
            // The session need not have it.
            if (!_names.Views.ContainsKey(dropped)) return new EngineOutcome.Done(null);
        }
        var outcome = await RunAsync(script, progress, cancel).ConfigureAwait(false);
        if (script.LastingView is var (name, definition)) lasting?.Keep(new KeptView(name, definition), cancel);
        return outcome;
    }

    private async Task<EngineOutcome> RunAsync(SparkScript script, IProgress<SparkProgress>? progress, CancellationToken cancel)
    {
        _dropAtEnd.AddRange(script.DropAtEnd);
        _names = script.NamesIfFailed;
        EngineOutcome outcome = new EngineOutcome.Done(null);
        if (script.Write is { } write) outcome = await InPlaceAsync(write.Query, () => WriteAsync(write, progress, cancel)).ConfigureAwait(false);
        if (script.Main is { } main) outcome = await InPlaceAsync(main, () => script.IsQuery ? RowsAsync(main, progress, cancel) : CommandAsync(main, progress, cancel)).ConfigureAwait(false);
        foreach (var text in script.After) await CommandAsync(text, progress, cancel).ConfigureAwait(false);
        _names = script.Names;
        return outcome;
    }

    /// <summary>The batches of a query, each borrowed until the next one is asked for.</summary>
    public async IAsyncEnumerable<ArrowBatch> BatchesAsync(string sql, IProgress<SparkProgress>? progress, [EnumeratorCancellation] CancellationToken cancel)
    {
        var script = await PrepareAsync(sql, cancel).ConfigureAwait(false);
        await using var rows = await session.QueryAsync(Plans.Sql(script.Main!.Text), progress, cancel).ConfigureAwait(false);
        await foreach (var batch in StreamsAsync(rows, cancel).ConfigureAwait(false))
        {
            using var reader = new ArrowStreamReader(batch.Stream);
            while (reader.Next(cancel) is { } columns) yield return columns;
        }
    }

    /// <summary>Drops what statements left on the server.</summary>
    public async Task DropAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        foreach (string sql in _dropAtEnd)
        {
            try
            {
                await session.ExecuteSqlAsync(Plans.Sql(sql), null, patience.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SparkException or OperationCanceledException)
            {
                // The session ends anyway; a server that is gone has dropped it with all else.
                return;
            }
        }
    }

    // Says the statement in Spark's words, with the views over files that it needs. To make one Spark lists the files and reads a schema, which takes 0.15 s: what was made to describe this statement is not made again.
    private async Task<SparkScript> PrepareAsync(string sql, CancellationToken cancel)
    {
        await MakeViewsAsync(sql, cancel).ConfigureAwait(false);
        var script = SparkRewriter.Rewrite(sql, _names);
        foreach (var text in script.Before)
            if (!IsFresh(text)) await CommandAsync(text, null, cancel).ConfigureAwait(false);
        // The next statement may find other files.
        _described.Clear();
        return script;
    }

    private async Task MakeViewsAsync(string sql, CancellationToken cancel)
    {
        if (lasting is null) return;
        foreach (var view in lasting.MissingFor(sql, _names, cancel))
            await lasting.MakeAsync(view, async definition => await RunAsync(await PrepareAsync(definition, cancel).ConfigureAwait(false), null, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
    }

    private bool IsFresh(SparkText view) => _described.TryGetValue(view.Text, out long made) && Stopwatch.GetElapsedTime(made) < Fresh;

    // Most errors come while rows are read: tasks run only then.
    private async IAsyncEnumerable<SparkBatch> StreamsAsync(SparkRows rows, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var batches = rows.ReadAsync(cancel).GetAsyncEnumerator(cancel);
        while (true)
        {
            try
            {
                if (!await batches.MoveNextAsync().ConfigureAwait(false)) yield break;
            }
            catch (SparkException e)
            {
                throw explain(e);
            }
            yield return batches.Current;
        }
    }

    // An error's place in Spark's text becomes one in the statement as written.
    private async Task<T> InPlaceAsync<T>(SparkText text, Func<Task<T>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (SparkException e) when (explain(e) is var other && other != e)
        {
            throw other;
        }
        catch (SparkException e) when (e.Offset is null && e.Contexts is [{ ObjectType: "" } context, ..])
        {
            throw e.At(text.OriginalOfCodePoint(context.Start));
        }
        catch (SparkException e) when (e.Offset is null && e.Position is var (line, column))
        {
            throw e.At(text.OriginalOfCodePoint(column, line));
        }
    }

    private async Task<EngineOutcome> WriteAsync(SparkWrite write, IProgress<SparkProgress>? progress, CancellationToken cancel)
    {
        var rows = Plans.Sql(write.Query.Text);
        // Spark empties the target before it reads.
        foreach (string file in await session.Analysis.InputFilesAsync(rows, cancel).ConfigureAwait(false))
            if (FilePaths.Overwrites(write.Target, file)) throw EngineErrors.OverwritesItsInput(write.Target, file);
        if (!write.Append && !write.Overwrite && session.IsLoopback && TargetFolder.HoldsOthersFiles(write.Target)) throw EngineErrors.OverwritesFolder(write.Target);
        var operation = new WriteOperation
        {
            Input = rows,
            Source = write.Format,
            Path = write.Target,
            Mode = write.Append ? WriteOperation.Types.SaveMode.Append : WriteOperation.Types.SaveMode.Overwrite,
            PartitioningColumns = { write.PartitionBy },
        };
        foreach (var (name, value) in write.Options) operation.Options.Add(name, value);
        await session.WriteAsync(operation, progress, cancel).ConfigureAwait(false);
        return new EngineOutcome.Done(null);
    }

    private async Task<EngineOutcome> RowsAsync(SparkText text, IProgress<SparkProgress>? progress, CancellationToken cancel)
    {
        var rows = await session.QueryAsync(Plans.Sql(text.Text), progress, cancel).ConfigureAwait(false);
        return new EngineOutcome.Rows(SparkTypes.ToSchema(rows.Schema), token => Read(rows, token), rows.DisposeAsync);
    }

    private async Task<EngineOutcome> CommandAsync(SparkText text, IProgress<SparkProgress>? progress, CancellationToken cancel)
    {
        var answer = await session.ExecuteSqlAsync(Plans.Sql(text.Text), progress, cancel).ConfigureAwait(false);
        // A statement whose first word told nothing may be a query.
        if (answer.Executed) return new EngineOutcome.Done(null);
        return await RowsAsync(text, progress, cancel).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<RecordBatch> Read(SparkRows rows, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var batch in StreamsAsync(rows, cancel).ConfigureAwait(false))
        {
            using var reader = new ArrowStreamReader(batch.Stream);
            while (reader.Next(cancel) is { } columns)
                if (columns.Rows > 0) yield return columns.ToRecordBatch();
        }
    }
}
