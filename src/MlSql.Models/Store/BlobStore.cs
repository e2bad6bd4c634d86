using System.Collections.Concurrent;
using MlSql.Models.Onnx;
using MlSql.Models.Onnx.Trees;

namespace MlSql.Models.Store;

/// <summary>Models' bytes under the name of their content.</summary>
internal sealed class BlobStore(StoreFolder store)
{
    private readonly ConcurrentDictionary<string, WeakReference<Model>> _loaded = new();

    /// <summary>Brings bytes onto the disk, not yet in their place.</summary>
    public StagedBlob Stage(byte[] bytes) => new(store, ModelFormat.ContentHash(bytes), store.WriteTemporary(bytes));

    /// <summary>The model of a version; models in use are shared.</summary>
    public Model Load(StoredVersion version)
    {
        if (_loaded.TryGetValue(version.ContentHash, out WeakReference<Model>? shared) && shared.TryGetTarget(out Model? model)) return model;
        string path = store.Blob(version.ContentHash);
        // One byte more than announced, so that the hash of a longer file differs.
        byte[] bytes = store.Files.TryRead(path, version.BlobSize + 1) ?? throw ModelErrors.Missing(path, $"version {version.Version} of model {version.ModelName}");
        string found = ModelFormat.ContentHash(bytes);
        if (found != version.ContentHash) throw ModelErrors.HashMismatch(path, version.ContentHash, found);
        model = ModelFormat.Read(bytes);
        if (model.Structure is GraphStructure graph) model = model with { Structure = graph with { Recognition = GraphRecogniser.Recognise(graph, model.Signature.Features, CancellationToken.None) } };
        _loaded[version.ContentHash] = new(model);
        return model;
    }
}

/// <summary>Bytes on the disk that wait for their place.</summary>
internal sealed class StagedBlob(StoreFolder store, string contentHash, string temporary) : IDisposable
{
    private bool _placed;

    public string ContentHash => contentHash;

    public string Path => store.Blob(contentHash);

    /// <summary>Puts the bytes in their place. What has that name already is replaced: its bytes are the same, or damaged.</summary>
    public void Place()
    {
        _placed = true;
        store.Publish(temporary, Path);
    }

    public void Dispose()
    {
        if (!_placed) store.Discard(temporary);
    }
}
