using MlSql.Worker.Serving;

namespace MlSql.Worker.Tasks;

/// <summary>How one version of the engine lays a task's description out.</summary>
internal interface ITaskLayout
{
    /// <summary>Reads the description of a task whose first number was read already; stops before its data. Throws <see cref="Columnar.CodedException"/> MLS4303 or MLS4304, <see cref="EndOfStreamException"/>.</summary>
    WorkerTask Read(EngineStream stream, int first, int limit);
}

/// <summary>Finds the layout by the first number of a task.</summary>
internal static class TaskLayouts
{
    private static readonly EnvelopeLayout s_envelope = new();

    /// <summary>The layout; throws <see cref="Columnar.CodedException"/> MLS4302 for an engine that we cannot serve.</summary>
    public static ITaskLayout Of(int first) => first switch
    {
        Marks.StartOfTask => s_envelope,
        // Up to 4.2 a task begins with the number of its partition.
        >= 0 => throw WorkerErrors.EngineTooOld(),
        _ => throw WorkerErrors.Malformed($"a task begins with {first}"),
    };
}
