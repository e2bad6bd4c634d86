using System.Globalization;
using MlSql.Models.Boosters;
using MlSql.Models.Trees;
using MlSql.Scoring.Kernels;

namespace MlSql.Races;

/// <summary>All races of tree kernels.</summary>
internal static class TreeRaces
{
    public static IEnumerable<Race> Of(TreeRaceData data)
    {
        foreach (var (model, shape, aim) in ((string, string, string)[])[(TreeRaceData.Fixtures[0], "100 × 31", "≥ 30 ×"), (TreeRaceData.Fixtures[1], "100 × 63", "≥ 30 ×"), (TreeRaceData.Large, "100 × 255", "≥ 4 ×")])
            foreach (VectorPath path in (VectorPath[])[VectorPath.Avx512, VectorPath.Avx2])
                yield return new TreeRace(data, model, $"tree kernel {shape}, {path}, 1 thread", model == TreeRaceData.Large || path == VectorPath.Avx512 ? aim : "≥ 15 ×", path);
    }
}

/// <summary>The kernel of LightGBM's trees against ONNX Runtime, rows in memory on both sides, batches of 2,048 rows.</summary>
internal sealed class TreeRace(TreeRaceData data, string model, string name, string aim, VectorPath path) : Race
{
    private const int Batch = 2_048, Passes = 10;

    private float[] _values = [];
    private double[] _scores = [];
    private TreeKernel? _kernel;

    public override string Name => name;

    public override string Opponent => "ONNX Runtime in Python, rows in memory";

    public override string Aim => aim;

    public override int WarmUps => 1;

    public override string? Skip => !VectorPaths.Supports(path) ? $"no {path}" : data.Skip;

    private string Theirs => Path.Combine(Path.GetDirectoryName(data.Path)!, model + ".theirs.parquet");

    public override async Task<string> CompareAsync(CancellationToken cancel)
    {
        _values = await data.ValuesAsync(cancel);
        string file = data.TextOf(model);
        _kernel = TreeKernel.Create((TreeStructure)LightGbmReader.Read(await File.ReadAllBytesAsync(file, cancel), file, cancel).Structure, RaceData.Columns, path);
        _scores = new double[data.Rows];
        Score();
        await TheirsAsync(cancel);
        double[] theirs = await data.ProbabilitiesAsync(Theirs, cancel);
        double difference = 0;
        for (int row = 0; row < data.Rows; row++) difference = Math.Max(difference, Math.Abs(1 / (1 + Math.Exp(-_scores[row])) - theirs[row]));
        return difference <= 1e-5
            ? string.Create(CultureInfo.InvariantCulture, $"largest difference of {data.Rows:N0} probabilities {difference:g2}")
            : throw new ResultsDifferException(string.Create(CultureInfo.InvariantCulture, $"largest difference {difference:g3}"));
    }

    /// <summary>Of one pass over all rows; more are timed, since processor time is counted in hundredths of a second.</summary>
    public override async Task<Timing> OursAsync(CancellationToken cancel)
    {
        var timing = await Timing.OfAsync(() =>
        {
            for (int pass = 0; pass < Passes; pass++) Score();
            return Task.CompletedTask;
        });
        return new(timing.Wall / Passes, timing.Cpu / Passes);
    }

    public override async Task<Timing> TheirsAsync(CancellationToken cancel)
    {
        using var json = await data.Peer!.AskAsync("onnx_bare.py", [data.Path, data.GraphOf(model), Theirs, "1", string.Join(',', RaceData.Names)], Path.GetDirectoryName(data.Path)!, cancel);
        return Peer.TimingOf(json.RootElement);
    }

    private void Score()
    {
        for (int row = 0; row < data.Rows; row += Batch)
        {
            int count = Math.Min(Batch, data.Rows - row);
            _kernel!.Score(_values.AsSpan(row), data.Rows, count, _scores.AsSpan(row, count), count);
        }
    }
}
