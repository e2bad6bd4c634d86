using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>
/// A graph made ready by ONNX Runtime. Safe for any number of threads at once; each call runs on its caller's thread. A run that is under way when the session is disposed ends in peace.
/// </summary>
public sealed class GraphSession : IDisposable
{
    private readonly LoadedLibrary _library;
    private readonly SessionHandle _handle;

    private GraphSession(LoadedLibrary library, SessionHandle handle, long arenaBytes)
    {
        _library = library;
        _handle = handle;
        ArenaBytes = arenaBytes;
        Inputs = SessionValues.Inputs(library.Api, handle);
        Outputs = SessionValues.Outputs(library.Api, handle);
    }

    /// <summary>What the graph reads, in its order.</summary>
    public ImmutableArray<GraphValue> Inputs { get; }

    /// <summary>What the graph computes, in its order, as it declares it; declared shapes are not to be believed.</summary>
    public ImmutableArray<GraphValue> Outputs { get; }

    /// <summary>The most memory that the values of all runs may hold at once, in bytes; 0 = no limit of its own.</summary>
    public long ArenaBytes { get; }

    internal OrtApi Api => _library.Api;

    /// <summary>
    /// Makes a session from a self-contained model; the bytes are not used any more afterwards. Throws <see cref="Columnar.CodedException"/> MLS4101 or MLS4102 without a usable library, MLS4103 for a model that the
    /// runtime cannot take; <see cref="Columnar.LimitException"/> MLS4105 or MLS4115.
    /// </summary>
    public static GraphSession Create(ReadOnlyMemory<byte> model, GraphSessionOptions options, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var library = LibraryLoader.EnsureLoaded();
        var handle = SessionFactory.Create(library, model.Span, options, cancel);
        try
        {
            return new GraphSession(library, handle, options.ArenaBytes);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>As the other form, from a stored graph and without a copy of it.</summary>
    public static GraphSession Create(ImmutableArray<byte> model, GraphSessionOptions options, CancellationToken cancel) =>
        Create(ImmutableCollectionsMarshal.AsArray(model), options, cancel);

    /// <summary>Frees the session's memory once its last run is over.</summary>
    public void Dispose() => _handle.Dispose();

    internal GraphRun Begin(RunLimits limits, int rows)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        return new GraphRun(_library, _handle, ArenaBytes, limits, rows);
    }
}
