using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.Engines.Spark.Connect;

/// <summary>The settings of a session.</summary>
internal sealed class SparkSettings(SessionCalls calls)
{
    /// <summary>Sets them in order. Throws MLS6215 for one that a session cannot set; with <paramref name="lenient"/> such ones are left and named in the warnings that come back.</summary>
    public async Task<IReadOnlyList<string>> SetAsync(IEnumerable<KeyValuePair<string, string>> settings, bool lenient, CancellationToken cancel)
    {
        var set = new ConfigRequest.Types.Set();
        if (lenient) set.Silent = true;
        set.Pairs.AddRange(settings.Select(s => new KeyValue { Key = s.Key, Value = s.Value }));
        return (await AskAsync(new() { Set = set }, cancel).ConfigureAwait(false)).Warnings;
    }

    /// <summary>Sets one. Throws MLS6215 when a session cannot set it.</summary>
    public Task SetAsync(string key, string value, CancellationToken cancel) => SetAsync([new(key, value)], lenient: false, cancel);

    /// <summary>The value, with Spark's own default where there is one; null for what is not set.</summary>
    public async Task<string?> GetAsync(string key, CancellationToken cancel)
    {
        ConfigResponse answer = await AskAsync(new() { GetOption = new() { Keys = { key } } }, cancel).ConfigureAwait(false);
        return answer.Pairs.FirstOrDefault(p => p.Key == key) is { HasValue: true } pair ? pair.Value : null;
    }

    /// <summary>All that begin with <paramref name="prefix"/>, which the keys that come back have lost; all at all for null.</summary>
    public async Task<IReadOnlyDictionary<string, string>> GetAllAsync(string? prefix, CancellationToken cancel)
    {
        var all = new ConfigRequest.Types.GetAll();
        if (prefix is not null) all.Prefix = prefix;
        ConfigResponse answer = await AskAsync(new() { GetAll = all }, cancel).ConfigureAwait(false);
        return answer.Pairs.ToDictionary(p => p.Key, p => p.Value);
    }

    /// <summary>Puts them back to what the server has for new sessions.</summary>
    public async Task UnsetAsync(IEnumerable<string> keys, CancellationToken cancel)
    {
        var unset = new ConfigRequest.Types.Unset();
        unset.Keys.AddRange(keys);
        await AskAsync(new() { Unset = unset }, cancel).ConfigureAwait(false);
    }

    private Task<ConfigResponse> AskAsync(ConfigRequest.Types.Operation operation, CancellationToken cancel) => calls.ConfigAsync(new ConfigRequest { Operation = operation }, cancel);
}
