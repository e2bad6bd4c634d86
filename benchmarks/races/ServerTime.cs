using System.Globalization;

namespace MlSql.Races;

/// <summary>Processor time of a server's Java machine and of all processes under it, the workers of functions.</summary>
internal sealed class ServerTime
{
    // What the kernel counts in for programs, on every architecture.
    private const double TicksASecond = 100;

    private readonly int _server;
    private readonly Dictionary<int, ProcessTime> _processes = [];

    private ServerTime(int server) => _server = server;

    /// <summary>Reads /proc. Linux only.</summary>
    public static ServerTime Of(int server)
    {
        var processes = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(name => ProcessTime.Read(name!)).OfType<ProcessTime>().ToList();
        var children = processes.ToLookup(p => p.Parent);
        var time = new ServerTime(server);
        var left = new Stack<ProcessTime>(processes.Where(p => p.Id == server));
        while (left.TryPop(out var process))
        {
            time._processes[process.Id] = process;
            foreach (var child in children[process.Id]) left.Push(child);
        }
        return time;
    }

    /// <summary>
    /// Seconds that were used since an earlier time. A worker that ended since is in what its parent counts of ended children, with what it had used before: that is taken off again.
    /// One whose parent ended first is in nobody's count.
    /// </summary>
    public (double Java, double Workers) Since(ServerTime before)
    {
        long workers = 0;
        foreach (var process in _processes.Values)
        {
            var then = before._processes.GetValueOrDefault(process.Id);
            if (process.Id != _server) workers += process.Own - (then?.Own ?? 0);
            long ended = process.Ended - (then?.Ended ?? 0);
            if (ended > 0) workers += ended - before._processes.Values.Where(p => p.Parent == process.Id && !_processes.ContainsKey(p.Id)).Sum(p => p.Own + p.Ended);
        }
        return ((_processes[_server].Own - before._processes[_server].Own) / TicksASecond, workers / TicksASecond);
    }

    /// <summary>Ticks of a process, and of its children that ended.</summary>
    private sealed record ProcessTime(int Id, int Parent, long Own, long Ended)
    {
        /// <summary>Null for a process that ended meanwhile.</summary>
        public static ProcessTime? Read(string id)
        {
            try
            {
                string text = File.ReadAllText($"/proc/{id}/stat");
                // The program's name may hold anything; behind its bracket: state, parent, … and from the twelfth on user, system, and both of children.
                string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                long Field(int at) => long.Parse(fields[at], CultureInfo.InvariantCulture);
                return new(int.Parse(id, CultureInfo.InvariantCulture), (int)Field(1), Field(11) + Field(12), Field(13) + Field(14));
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
