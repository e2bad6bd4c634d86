using System.Globalization;
using System.Text;

namespace MlSql.SpecTests;

/// <summary>Runs the records of one script in order, in one session on a store of its own.</summary>
internal sealed class SpecRun(SpecEngine engine, SpecFile file) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Notice> _notices = [];
    private readonly Dictionary<string, List<string[]>> _labels = [];
    private readonly List<(SpecRecord Record, List<string> Lines)> _accepted = [];
    private MlSqlSession? _session;

    private static bool Accept => Environment.GetEnvironmentVariable("MLSQL_ACCEPT") == "1";

    /// <summary>Runs all records, also after one that fails; what fails is said with the line and a diff.</summary>
    public async Task RunAsync()
    {
        await OpenAsync();
        var failures = new List<string>();
        foreach (var record in file.Records.Where(r => r.RunsOn(engine.Name)))
        {
            string? failure;
            try
            {
                failure = await RunAsync(record);
            }
            catch (MlSqlException e)
            {
                failure = "failed with\n" + e.Text;
            }
            catch (FormatException e)
            {
                failure = e.Message;
            }
            catch (OperationCanceledException)
            {
                failure = $"did not end within {engine.Limit}";
            }
            if (failure is not null) failures.Add($"{file.Path}:{record.Line}: {failure}\n\n{record.Sql}");
        }
        if (failures.Count > 0) Assert.Fail($"{failures.Count} of {file.Records.Count} records fail\n\n{string.Join("\n\n", failures)}");
        if (_accepted.Count > 0) Rewrite();
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is not null) await _session.DisposeAsync();
        _folder.Dispose();
    }

    private async Task OpenAsync()
    {
        if (_session is not null) await _session.DisposeAsync();
        _notices.Clear();
        _session = await engine.Open(new MlSqlOptions
        {
            Models = _folder.At("models"),
            Database = file.OnDisk ? _folder.At("database.duckdb") : null,
            Threads = 2,
            OnNotice = _notices.Add,
        });
    }

    private async Task<string?> RunAsync(SpecRecord record)
    {
        using var limit = new CancellationTokenSource(engine.Limit);
        string sql = Substitute(record.Sql);
        if (record.Kind is not (RecordKind.Notice or RecordKind.Reopen)) _notices.Clear();
        switch (record.Kind)
        {
            case RecordKind.Reopen:
                await OpenAsync();
                return null;
            case RecordKind.Notice:
                string text = string.Join(' ', record.Words.Skip(1));
                return _notices.Any(n => n.Code == record.Words[0] && n.Text.Contains(text, StringComparison.Ordinal))
                    ? null
                    : $"expected notice {string.Join(' ', record.Words)}, and there was {(_notices.Count == 0 ? "none" : string.Join("\n", _notices.Select(n => n.Text)))}";
            case RecordKind.Ok:
                var results = await _session!.ExecuteAsync(sql, limit.Token);
                string summary = string.Join(' ', record.Words);
                return results[^1].Summary.Contains(summary, StringComparison.Ordinal) ? null : $"expected a summary with: {summary}\nfound: {results[^1].Summary}";
            case RecordKind.Count:
                long? rows = (await _session!.ExecuteAsync(sql, limit.Token))[^1].RowsChanged;
                string? counted = engine.CountsRows ? record.Words[0] : null;
                return rows?.ToString(CultureInfo.InvariantCulture) == counted ? null : $"expected {counted ?? "no count of"} changed rows, found {rows?.ToString(CultureInfo.InvariantCulture) ?? "none"}";
            case RecordKind.Error:
                return await ErrorAsync(record, sql, limit.Token);
            case RecordKind.Explain:
                return Compare(record, await RowsAsync("EXPLAIN " + record.Words[0] + " " + sql, null, limit.Token), line => [line]);
            case RecordKind.Query:
                return Compare(record, await RowsAsync(sql, record.Words[0], limit.Token), line => line.Split('\t'));
            case RecordKind.Columns:
                return Compare(record, await ColumnsAsync(sql, limit.Token), line => line.Split('\t'));
            case RecordKind.Metric:
                return await MetricAsync(record, sql, limit.Token);
            default:
                throw new System.Diagnostics.UnreachableException(record.Kind.ToString());
        }
    }

    // After every error the session has to be usable.
    private async Task<string?> ErrorAsync(SpecRecord record, string sql, CancellationToken cancel)
    {
        string code = record.Words[0], text = Substitute(string.Join(' ', record.Words.Skip(1)));
        try
        {
            await _session!.ExecuteAsync(sql, cancel);
            return $"expected {code}, and nothing failed";
        }
        catch (MlSqlException e) when (e.Code == code && e.Text.Contains(text, StringComparison.Ordinal))
        {
            var rows = await RowsAsync("SELECT 1", "I", cancel);
            return rows is [["1"]] ? null : "the session is not usable after the error";
        }
        catch (MlSqlException e)
        {
            return $"expected {code} {text}\nfound:\n{e.Text}";
        }
    }

    private async Task<string?> MetricAsync(SpecRecord record, string sql, CancellationToken cancel)
    {
        await using var result = await _session!.QueryAsync(sql, cancel);
        int index = result.Schema?.IndexOf(record.Words[0]) ?? -1;
        if (index < 0) return $"the result has no column {record.Words[0]}";
        var rows = new List<string[]>();
        await foreach (var batch in result.ReadAsync(cancel)) ResultRows.Append(batch, rows);
        if (rows.Count != 1) return $"expected one row, found {rows.Count}";
        double found = double.Parse(rows[0][index], CultureInfo.InvariantCulture), bound = double.Parse(record.Words[2], CultureInfo.InvariantCulture);
        bool holds = record.Words[1] switch
        {
            ">=" => found >= bound,
            "<=" => found <= bound,
            _ => throw new FormatException($"A metric is compared with >= or <=, not with {record.Words[1]}"),
        };
        return holds ? null : $"expected {string.Join(' ', record.Words)}, found {rows[0][index]}";
    }

    // Of our own types, which are called the same whatever the engine says.
    private async Task<List<string[]>> ColumnsAsync(string sql, CancellationToken cancel)
    {
        await using var result = await _session!.QueryAsync(sql, cancel);
        var schema = result.Schema ?? throw new FormatException("the statement gives no rows");
        return [.. schema.Fields.Select(f => (string[])[f.Name, f.Type.ToString()])];
    }

    private async Task<List<string[]>> RowsAsync(string sql, string? letters, CancellationToken cancel)
    {
        await using var result = await _session!.QueryAsync(sql, cancel);
        var schema = result.Schema ?? throw new FormatException("the statement gives no rows");
        if (letters is not null && ResultRows.Mismatch(letters, schema) is { } mismatch) throw new FormatException(mismatch);
        var rows = new List<string[]>();
        await foreach (var batch in result.ReadAsync(cancel)) ResultRows.Append(batch, rows);
        return rows;
    }

    private string? Compare(SpecRecord record, List<string[]> found, Func<string, string[]> split)
    {
        bool sort = record.Words.Contains("rowsort");
        if (sort) found.Sort((a, b) => string.CompareOrdinal(string.Join('\t', a), string.Join('\t', b)));
        if (record.After("as") is { } label) _labels[label] = found;
        List<string[]> expected;
        if (record.After("same-as") is { } other)
        {
            expected = _labels[other];
        }
        else if (record.ExpectedAt < 0)
        {
            return record.After("as") is null ? "the record has no ---- block" : null;
        }
        else
        {
            if (Accept) _accepted.Add((record, [.. found.Select(row => string.Join('\t', row)).Where(l => l.Length > 0)]));
            expected = [.. record.Expected.Select(Substitute).Select(split)];
            if (sort) expected.Sort((a, b) => string.CompareOrdinal(string.Join('\t', a), string.Join('\t', b)));
        }
        if (Accept) return null;
        double tolerance = record.After("tolerance") is { } t ? double.Parse(t, CultureInfo.InvariantCulture) : 0;
        return Difference(expected, found, tolerance);
    }

    private static string? Difference(List<string[]> expected, List<string[]> found, double tolerance)
    {
        var diff = new StringBuilder();
        bool same = expected.Count == found.Count;
        for (int i = 0; i < Math.Max(expected.Count, found.Count); i++)
        {
            string? left = i < expected.Count ? string.Join('\t', expected[i]) : null, right = i < found.Count ? string.Join('\t', found[i]) : null;
            bool equal = left is not null && right is not null && expected[i].Length == found[i].Length
                && Enumerable.Range(0, found[i].Length).All(c => ResultRows.Same(expected[i][c], found[i][c], tolerance));
            same &= equal;
            if (equal)
            {
                diff.Append("    ").Append(right).Append('\n');
                continue;
            }
            if (left is not null) diff.Append("  - ").Append(left).Append('\n');
            if (right is not null) diff.Append("  + ").Append(right).Append('\n');
        }
        return same ? null : $"other rows than expected (- expected, + found; {expected.Count} and {found.Count} rows)\n{diff}";
    }

    private string Substitute(string text)
    {
        if (!text.Contains('$', StringComparison.Ordinal)) return text;
        return text.Replace("$MODELS", _folder.At("models"), StringComparison.Ordinal)
            .Replace("$TMP", _folder.Path, StringComparison.Ordinal)
            .Replace("$ROOT", TestData.Root, StringComparison.Ordinal)
            .Replace("$SHARED", file.NeedsShared ? TestData.Shared() : "$SHARED", StringComparison.Ordinal);
    }

    private void Rewrite()
    {
        var lines = new List<string>(file.Lines);
        foreach (var (record, found) in Enumerable.Reverse(_accepted))
        {
            lines.RemoveRange(record.ExpectedAt, record.End - record.ExpectedAt);
            lines.InsertRange(record.ExpectedAt, found.Select(l => l.Replace(_folder.Path, "$TMP", StringComparison.Ordinal)));
        }
        File.WriteAllText(file.Path, string.Join('\n', lines) + "\n");
    }
}
