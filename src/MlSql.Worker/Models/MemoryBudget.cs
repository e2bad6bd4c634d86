using MlSql.Worker.Launch;

namespace MlSql.Worker.Models;

/// <summary>How much memory may be used.</summary>
internal static class MemoryBudget
{
    private const long LeastHeap = 128L << 20;
    private const long LeastModels = 256L << 20;
    private const long MostModels = 4L << 30;

    /// <summary>
    /// Bytes of models that are kept ready: half of what the engine grants the tasks that ever ran at once, together; where it grants nothing, a quarter of the machine's, between 256 MiB and 4 GiB.
    /// </summary>
    public static long OfModels(WorkerSettings settings, int tasks) =>
        settings.TaskMemory is { } each ? each * tasks / 2 : Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, LeastModels, MostModels);

    /// <summary>Has .NET's own memory stay within what the engine grants so many tasks together; where it grants nothing, there is no limit.</summary>
    public static void LimitHeap(WorkerSettings settings, int tasks)
    {
        if (settings.TaskMemory is not { } each) return;
        AppContext.SetData("GCHeapHardLimit", (ulong)Math.Max(each * tasks, LeastHeap));
        try
        {
            GC.RefreshMemoryLimit();
        }
        catch (InvalidOperationException e)
        {
            WorkerLog.Warning($"The memory of this process is not limited: {e.Message}");
        }
    }
}
