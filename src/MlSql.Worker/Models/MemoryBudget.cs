using MlSql.Worker.Launch;

namespace MlSql.Worker.Models;

/// <summary>How much memory may be used.</summary>
internal static class MemoryBudget
{
    private const long LeastModels = 256L << 20;
    private const long MostModels = 4L << 30;

    /// <summary>
    /// Bytes of models that are kept ready: half of what the engine grants the tasks that ever ran at once, together; where it grants nothing, a quarter of the machine's, between 256 MiB and 4 GiB.
    /// </summary>
    public static long OfModels(WorkerSettings settings, int tasks) =>
        settings.TaskMemory is { } each ? each * tasks / 2 : Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, LeastModels, MostModels);
}
