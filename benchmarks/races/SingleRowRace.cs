using System.Globalization;
using MlSql.Columnar;
using MlSql.Models.Onnx;
using MlSql.Models.Store;
using MlSql.Planning;

namespace MlSql.Races;

/// <summary>One row after another in the process, each a call of its own: a loaded model, given objects, against ONNX Runtime on the same file. One thread each.</summary>
/// <param name="session">Keeps the model.</param>
/// <param name="models">Where it keeps it.</param>
/// <param name="peer">Python.</param>
/// <param name="data">The rows and the graph.</param>
/// <param name="native">True against ONNX Runtime by its C API in this process, false against its package for Python.</param>
internal sealed class SingleRowRace(MlSqlSession session, string models, Peer? peer, GraphData data, bool native) : Race, IAsyncDisposable
{
    private const int MostRows = 20_000;

    private SingleRow[] _rows = [];
    private double[] _scores = [], _theirs = [];
    private LoadedModel? _model, _graph;

    public override string Name => "LoadModel, one row a call, 100 × 63";

    public override string Opponent => native ? "ONNX Runtime by its C API, one row a call" : "ONNX Runtime in Python, one row a call";

    public override string Aim => "≥ 5 ×";

    public override int WarmUps => 2;

    public override string? Skip => peer is null && !native ? Peer.Missing : File.Exists(Graph) ? null : $"no {Graph}";

    private string Graph => Path.Combine(data.Fixture, "model.onnx");

    private string Theirs => Path.ChangeExtension(data.Path, ".single.parquet");

    private string Input => Path.ChangeExtension(data.Path, ".rows.parquet");

    public override async Task<string> CompareAsync(CancellationToken cancel)
    {
        string columns = string.Join(", ", RaceData.Names);
        await session.ExecuteAsync($"IMPORT MODEL single FROM '{Graph}' INPUT (X FROM ({columns})); COPY (SELECT * FROM '{data.Path}' ORDER BY i LIMIT {MostRows}) TO '{Input}' (FORMAT parquet)", cancel);
        _model = session.LoadModel("single", cancel);
        _rows = await RowsAsync(cancel);
        (_scores, _theirs) = (new double[_rows.Length], new double[_rows.Length]);
        if (native) _graph = Unrecognised(cancel);
        await OursAsync(cancel);
        await TheirsAsync(cancel);
        if (!native) _theirs = await TheirScoresAsync(cancel);
        double difference = _scores.Zip(_theirs, (a, b) => Math.Abs(a - b)).Max();
        return difference <= 1e-6
            ? string.Create(CultureInfo.InvariantCulture, $"largest difference of {_rows.Length:N0} probabilities {difference:g2}")
            : throw new ResultsDifferException(string.Create(CultureInfo.InvariantCulture, $"largest difference {difference:g3}"));
    }

    public override Task<Timing> OursAsync(CancellationToken cancel) => Timing.OfAsync(() =>
    {
        for (int i = 0; i < _rows.Length; i++) _scores[i] = _model!.Predict(_rows[i], cancel).Probabilities[1];
        return Task.CompletedTask;
    });

    public override async Task<Timing> TheirsAsync(CancellationToken cancel)
    {
        if (native)
        {
            return await Timing.OfAsync(() =>
            {
                for (int i = 0; i < _rows.Length; i++) _theirs[i] = _graph!.Predict(_rows[i], cancel).Probabilities[1];
                return Task.CompletedTask;
            });
        }
        using var json = await peer!.AskAsync("onnx_single.py", [Input, Graph, Theirs, string.Join(',', RaceData.Names)], Path.GetDirectoryName(data.Path)!, cancel);
        return Peer.TimingOf(json.RootElement);
    }

    public ValueTask DisposeAsync()
    {
        _model?.Dispose();
        _graph?.Dispose();
        return ValueTask.CompletedTask;
    }

    // The same graph, computed as those are that are no trees.
    private LoadedModel Unrecognised(CancellationToken cancel)
    {
        var store = ModelStore.Open(models, new PhysicalFileSystem(), TimeProvider.System);
        var version = store.Snapshot(cancel).Resolve("single", null, null)!;
        var model = store.Load(version);
        model = model with { Structure = (GraphStructure)model.Structure with { Recognition = null } };
        return new LoadedModel(new ModelVersion(version.ModelName, version.Version, version.ContentHash, model, new IntegerType(64, true)), TimeSpan.FromSeconds(60), 0, cancel);
    }

    private async Task<SingleRow[]> RowsAsync(CancellationToken cancel)
    {
        List<SingleRow> rows = [];
        await using var result = await session.QueryAsync($"SELECT {string.Join(", ", RaceData.Names)} FROM '{Input}' ORDER BY i", cancel);
        await foreach (RecordBatch batch in result.ReadAsync(cancel))
        {
            float[][] columns = [.. RaceData.Names.Select(name => batch.Column<float>(name).ToArray())];
            for (int row = 0; row < batch.Rows; row++) rows.Add(SingleRow.Of(columns, row));
        }
        return [.. rows];
    }

    private async Task<double[]> TheirScoresAsync(CancellationToken cancel)
    {
        List<double> found = [];
        await using var result = await session.QueryAsync($"SELECT p FROM '{Theirs}' ORDER BY i", cancel);
        await foreach (RecordBatch batch in result.ReadAsync(cancel)) found.AddRange(batch.Column<double>("p"));
        return [.. found];
    }
}
