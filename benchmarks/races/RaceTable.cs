using System.Globalization;

namespace MlSql.Races;

/// <summary>Runs races, taking turns, and prints one table.</summary>
internal sealed class RaceTable(string title, int rows, int repeats, string? only)
{
    private readonly List<string[]> _lines = [];
    private readonly List<string> _notes = [];

    /// <summary>False when some results differed.</summary>
    public bool ResultsAgree { get; private set; } = true;

    public async Task AddAsync(Race race, CancellationToken cancel)
    {
        if (only is not null && !race.Name.Contains(only, StringComparison.OrdinalIgnoreCase)) return;
        if (race.Skip is { } reason)
        {
            _lines.Add([race.Name, race.Opponent, "skipped: " + reason, "", "", "", race.Aim]);
            return;
        }
        string compared;
        try
        {
            compared = await race.CompareAsync(cancel);
        }
        catch (ResultsDifferException e)
        {
            ResultsAgree = false;
            _lines.Add([race.Name, race.Opponent, "RESULTS DIFFER: " + e.Message, "", "", "", race.Aim]);
            return;
        }
        Console.Error.WriteLine($"{race.Name}: {compared}");
        var ours = new List<Timing>();
        var theirs = new List<Timing>();
        var parts = race.Parts.Select(_ => new List<Timing>()).ToList();
        for (int i = 0; i < Math.Min(race.WarmUps, 2 * (repeats - 1)); i++)
        {
            await race.OursAsync(cancel);
            await race.TheirsAsync(cancel);
            foreach (var part in race.Parts)
                if (part.UpTo is { } work) await work(cancel);
        }
        for (int i = 0; i < repeats; i++)
        {
            ours.Add(await race.OursAsync(cancel));
            theirs.Add(await race.TheirsAsync(cancel));
            for (int p = 0; p < parts.Count; p++) parts[p].Add(race.Parts[p].UpTo is { } work ? await work(cancel) : ours[^1]);
        }
        double Ratio(Func<Timing, double> time, Func<IEnumerable<double>, double> pick)
        {
            double we = pick(ours.Select(time)), they = pick(theirs.Select(time));
            return race.OursOverTheirs ? we / they : they / we;
        }
        _lines.Add([race.Name, race.Opponent, Text(ours), Text(theirs), Times(Ratio(t => t.Wall, Enumerable.Min)), $"{Times(Ratio(t => t.Wall, Median))} / {Times(Ratio(t => t.Cpu, Enumerable.Min))}", race.Aim]);
        if (parts.Count > 0) _notes.Add($"{race.Name}, ours: {string.Join(" + ", race.Parts.Select((part, p) => $"{part.Name} {Share(parts, p, t => t.Wall)} | {Share(parts, p, t => t.Cpu)}"))} s (wall min | CPU min, each beyond the part before)");
    }

    /// <summary>Adds what is measured on our side alone.</summary>
    public async Task MeasureAsync(TrainMemory measure, CancellationToken cancel)
    {
        if (only is not null && !TrainMemory.Name.Contains(only, StringComparison.OrdinalIgnoreCase)) return;
        string found = measure.Skip is { } reason ? "skipped: " + reason : await measure.MeasureAsync(cancel);
        _lines.Add([TrainMemory.Name, "", found, "", "", "", TrainMemory.Aim]);
    }

    public void Print(TextWriter into)
    {
        if (_lines.Count == 0) return;
        into.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {rows:N0} rows × {RaceData.Columns} columns, {repeats} runs each, taking turns, {Environment.ProcessorCount} cores; seconds: wall min, median | CPU min"));
        string[][] table = [["race", "against", "ours", "theirs", "ratio (wall min)", "wall median / CPU min", "aim"], .. _lines];
        int[] widths = [.. Enumerable.Range(0, table[0].Length).Select(c => table.Max(line => line[c].Length))];
        foreach (string[] line in table) into.WriteLine(string.Join("  ", line.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd());
        foreach (string note in _notes) into.WriteLine(note);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Text(List<Timing> runs) => string.Create(CultureInfo.InvariantCulture, $"{runs.Min(r => r.Wall):0.000}, {Median(runs.Select(r => r.Wall)):0.000} | {runs.Min(r => r.Cpu):0.000}");

    private static string Share(List<List<Timing>> parts, int at, Func<Timing, double> time) =>
        (parts[at].Min(time) - (at == 0 ? 0 : parts[at - 1].Min(time))).ToString("0.000", CultureInfo.InvariantCulture);

    private static string Times(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00} ×");
}
