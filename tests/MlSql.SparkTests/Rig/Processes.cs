namespace MlSql.SparkTests.Rig;

/// <summary>Processes of this machine, as /proc shows them.</summary>
internal static class Processes
{
    /// <summary>True while a process runs; one that ended and that nobody waited for does not.</summary>
    public static bool Runs(int id)
    {
        try
        {
            string status = File.ReadAllText($"/proc/{id}/stat");
            return status[status.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>True for a worker of ours that runs; while it is unpacked, a shell runs in its place.</summary>
    public static bool IsWorker(int id) => Runs(id) && Command(id) is [var program, ..] && Path.GetFileName(program).StartsWith("mlsql-worker", StringComparison.Ordinal);

    /// <summary>A process and all that it started, and what those did.</summary>
    public static IEnumerable<int> Tree(int id)
    {
        yield return id;
        foreach (int child in Children(id))
            foreach (int below in Tree(child)) yield return below;
    }

    /// <summary>True while a thread of this name, which the system cuts after 15 characters, uses a processor in a process or in one that it started.</summary>
    public static bool WorksIn(int id, string thread)
    {
        foreach (string folder in Tree(id).SelectMany(Threads))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "stat")).Contains($"({thread}) R ", StringComparison.Ordinal)) return true;
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
        return false;
    }

    public static Dictionary<string, string> Environment(int id) =>
        File.ReadAllText($"/proc/{id}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).Where(v => v.Length == 2).DistinctBy(v => v[0]).ToDictionary(v => v[0], v => v[1]);

    /// <summary>The program and its arguments; nothing for a process that has ended.</summary>
    public static string[] Command(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string[] Threads(int id)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{id}/task");
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static IEnumerable<int> Children(int id)
    {
        foreach (string task in Threads(id))
        {
            string children;
            try
            {
                children = File.ReadAllText(Path.Combine(task, "children"));
            }
            catch (IOException)
            {
                continue;
            }
            foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries)) yield return int.Parse(child, System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
