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

    /// <summary>A process and all that it started, and what those did.</summary>
    public static IEnumerable<int> Tree(int id)
    {
        yield return id;
        foreach (int child in Children(id))
            foreach (int below in Tree(child)) yield return below;
    }

    public static Dictionary<string, string> Environment(int id) =>
        File.ReadAllText($"/proc/{id}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).Where(v => v.Length == 2).DistinctBy(v => v[0]).ToDictionary(v => v[0], v => v[1]);

    public static string[] Command(int id) => File.ReadAllText($"/proc/{id}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<int> Children(int id)
    {
        foreach (string task in Directory.GetDirectories($"/proc/{id}/task"))
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
