using MlSql.Scoring.Commands;
using MlSql.Worker.Launch;

namespace MlSql.Worker.Models;

/// <summary>
/// The models that this process has ready, found by the hash of their content. Tasks that ask for one that is being made wait for it; those that nobody uses go, the longest unused first, when all together are too large.
/// </summary>
internal sealed class ModelCache(Func<long> budget)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Key, Entry> _entries = [];
    private long _clock;
    private long _loads;

    /// <summary>Models made ready since the start.</summary>
    public long Loads => Interlocked.Read(ref _loads);

    /// <summary>How many times the model of this hash was made ready.</summary>
    public long LoadsOf(string contentHash)
    {
        lock (_gate) return _entries.Where(e => e.Key.ContentHash == contentHash).Sum(e => e.Value.Loads);
    }

    /// <summary>The model that the command names, to be disposed when the task needs it no more. Throws <see cref="Columnar.CodedException"/>, <see cref="OperationCanceledException"/>.</summary>
    public ModelLease Take(PredictCommand command, IEnumerable<string> folders, CancellationToken cancel)
    {
        Entry entry;
        lock (_gate)
        {
            Key key = new(command.ContentHash, command.ArenaBytes);
            if (!_entries.TryGetValue(key, out entry!)) _entries.Add(key, entry = new Entry());
            entry.Users++;
            entry.LastUse = ++_clock;
        }
        try
        {
            // One makes it ready; whoever waits behind a failure tries for itself, for its files may be others.
            entry.Making.Wait(cancel);
            try
            {
                if (entry.Model is null)
                {
                    entry.Model = ReadyModel.Load(command, folders, cancel);
                    entry.Loads++;
                    Interlocked.Increment(ref _loads);
                    WorkerLog.Info($"Model {command.Model} version {command.Version} is ready: {command.ContentHash}");
                }
            }
            finally
            {
                entry.Making.Release();
            }
            Trim();
            return new ModelLease(entry.Model, () => Release(entry));
        }
        catch
        {
            Release(entry);
            throw;
        }
    }

    private void Release(Entry entry)
    {
        lock (_gate) entry.Users--;
        Trim();
    }

    private void Trim()
    {
        List<ReadyModel> gone = [];
        lock (_gate)
        {
            long limit = budget(), held = _entries.Values.Sum(e => e.Model?.Bytes ?? 0);
            foreach (var entry in _entries.Values.Where(e => e is { Users: 0, Model: not null }).OrderBy(e => e.LastUse))
            {
                if (held <= limit) break;
                held -= entry.Model!.Bytes;
                gone.Add(entry.Model);
                entry.Model = null;
            }
        }
        foreach (var model in gone) model.Dispose();
    }

    // The memory that a graph may take is part of how it is made ready.
    private readonly record struct Key(string ContentHash, long ArenaBytes);

    private sealed class Entry
    {
        public SemaphoreSlim Making { get; } = new(1);

        public ReadyModel? Model { get; set; }

        public long Loads { get; set; }

        public int Users { get; set; }

        public long LastUse { get; set; }
    }
}

/// <summary>A model in use; dispose it and the cache may let the model go.</summary>
internal sealed class ModelLease(ReadyModel model, Action release) : IDisposable
{
    private Action? _release = release;

    public ReadyModel Model => model;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
