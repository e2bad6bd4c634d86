using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Scoring;
using MlSql.Scoring.Commands;
using MlSql.Scoring.Onnx;

namespace MlSql.Worker.Models;

/// <summary>A model with what computes it, shared by all tasks.</summary>
internal sealed class ReadyModel : IDisposable
{
    // Bytes in memory for a byte of the file: the parts that were read, and what ONNX Runtime makes of a graph's weights.
    private const int KernelFactor = 3;
    private const int GraphFactor = 4;
    private const int LeastBytes = 64 << 10;

    private readonly GraphSession? _session;

    private ReadyModel(Model model, GraphSession? session, long fileLength)
    {
        Model = model;
        _session = session;
        Graph = session is null ? null : new GraphScorer(model, session);
        Kernel = session is null ? Scorers.Create(model) : null;
        Bytes = LeastBytes + fileLength * (session is null ? KernelFactor : GraphFactor);
    }

    public Model Model { get; }

    /// <summary>What computes a graph; null for a model that kernels of ours compute.</summary>
    public GraphScorer? Graph { get; }

    /// <summary>What computes every other model.</summary>
    public IScorer? Kernel { get; }

    /// <summary>About how much memory it holds.</summary>
    public long Bytes { get; }

    /// <summary>Reads the file and makes it ready. Throws <see cref="Columnar.CodedException"/>, <see cref="OperationCanceledException"/>.</summary>
    public static ReadyModel Load(PredictCommand command, IEnumerable<string> folders, CancellationToken cancel)
    {
        string[] all = [.. folders];
        byte[] bytes = ModelFiles.Read(command, all, cancel);
        var model = ModelFormat.ReadForScoring(bytes);
        if (model.Structure is not GraphStructure { Recognised: null } graph) return new(model, null, bytes.Length);
        OnnxRuntimeFiles.Unpack(all, cancel);
        var session = GraphSession.Create(graph.Graph, new GraphSessionOptions { ArenaBytes = command.ArenaBytes, LoadTimeout = command.BatchTimeout }, cancel);
        try
        {
            return new(model, session, bytes.Length);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Frees a graph's session once its last run is over.</summary>
    public void Dispose() => _session?.Dispose();
}
