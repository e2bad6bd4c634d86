namespace MlSql.Engines.Spark;

/// <summary>A folder that COPY names, where it lies on this machine.</summary>
internal static class TargetFolder
{
    private const string Scheme = "file://";

    /// <summary>True where Spark's overwriting would take away files that none of its jobs wrote: a folder with files, neither whole (_SUCCESS) nor left by a job that failed (_temporary).</summary>
    public static bool HoldsOthersFiles(string target)
    {
        if (!target.StartsWith(Scheme, StringComparison.Ordinal)) return false;
        string folder = target[Scheme.Length..];
        if (!Directory.Exists(folder)) return false;
        string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)!)];
        return names.Length > 0 && !names.Contains("_SUCCESS") && !names.Contains("_temporary");
    }
}
