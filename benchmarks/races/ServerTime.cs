using System.Globalization;

namespace MlSql.Races;

/// <summary>Processor seconds of a server's Java machine, and of all processes under it: the workers of functions, with those that ended.</summary>
internal readonly record struct ServerTime(double Java, double Workers)
{
    // What the kernel counts in for programs, on every architecture.
    private const double TicksASecond = 100;

    public static ServerTime operator -(ServerTime a, ServerTime b) => new(a.Java - b.Java, a.Workers - b.Workers);

    /// <summary>Reads /proc. Linux only.</summary>
    public static ServerTime Of(int server)
    {
        var processes = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(name => ProcessTime.Read(name!)).OfType<ProcessTime>().ToList();
        var children = processes.ToLookup(p => p.Parent);
        double workers = 0;
        var left = new Stack<ProcessTime>(children[server]);
        while (left.TryPop(out var process))
        {
            workers += process.Own + process.Ended;
            foreach (var child in children[process.Id]) left.Push(child);
        }
        var java = processes.Single(p => p.Id == server);
        return new(java.Own / TicksASecond, (workers + java.Ended) / TicksASecond);
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
