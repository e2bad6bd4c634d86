using MlSql.Models.Onnx;
using MlSql.Planning;
using MlSql.Scoring.Onnx;

namespace MlSql.Engines.DuckDb.Functions;

/// <summary>The graphs that ONNX Runtime has ready, one a model version by its content; made when first needed.</summary>
/// <param name="arenaBytes">The most memory that each may hold; 0 = no limit.</param>
internal sealed class GraphSessions(long arenaBytes) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (GraphSession Session, GraphScorer Scorer)> _ready = new(StringComparer.Ordinal);

    /// <summary>The scorer of a graph; threads that ask for one that is being made wait. Throws <see cref="Columnar.CodedException"/> MLS41xx.</summary>
    public GraphScorer Of(ModelVersion model, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_ready.TryGetValue(model.ContentHash, out var known)) return known.Scorer;
            var session = GraphSession.Create(((GraphStructure)model.Model.Structure).Graph, new GraphSessionOptions { ArenaBytes = arenaBytes }, cancel);
            var scorer = new GraphScorer(model.Model, session);
            _ready.Add(model.ContentHash, (session, scorer));
            return scorer;
        }
    }

    /// <summary>Lets all of them go.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (session, _) in _ready.Values) session.Dispose();
            _ready.Clear();
        }
    }
}
