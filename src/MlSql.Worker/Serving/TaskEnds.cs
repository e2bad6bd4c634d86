using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MlSql.Columnar;
using MlSql.Worker.Evaluation;
using MlSql.Worker.Launch;
using MlSql.Worker.Tasks;

namespace MlSql.Worker.Serving;

/// <summary>What stands at the end of a task's answer.</summary>
internal sealed class TaskEnds(Socket socket, EngineStream stream)
{
    private const int ClosingMilliseconds = 60_000;

    /// <summary>Milliseconds since 1970.</summary>
    public static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Ends a whole answer; true where the connection takes the next task.</summary>
    public bool Finish(WorkerTask task, long started, long ready, long rows)
    {
        long end = Now();
        stream.WriteInt32(Marks.Timing);
        stream.WriteInt64(started);
        stream.WriteInt64(ready);
        stream.WriteInt64(end);
        stream.WriteInt64(end - ready);
        // Nothing is ever spilled.
        for (int i = 4; i < task.TimingNumbers; i++) stream.WriteInt64(0);
        stream.WriteInt32(Marks.EndOfData);
        stream.WriteInt32(0);
        // What the engine sends last may come after what it waits for.
        stream.Flush();
        // Broadcast values belong to the connection, and we do not keep them for Python.
        bool again = stream.ReadInt32() == Marks.EndOfStream && !task.ChangesBroadcasts;
        stream.WriteInt32(again ? Marks.EndOfStream : Marks.EndOfData);
        stream.Flush();
        WorkerLog.Debug(string.Create(CultureInfo.InvariantCulture, $"Task of stage {task.Context.Stage}, partition {task.Partition}: {rows} rows in {end - started} ms"));
        return again;
    }

    /// <summary>Tells an error, which may only stand behind a whole Arrow stream, and waits for the engine to close the connection.</summary>
    public void Fail(CodedException error, TaskRun? run)
    {
        string text = $"{error.Code}: {error.Message} ({(run is null ? "" : run.Place + ", ")}{ExecutorPlace.Here})";
        WorkerLog.Info(text);
        // A line of its own: the client shows it as the way out.
        if (error.Hint is not null) text += "\nhint: " + error.Hint;
        run?.Close();
        stream.WriteInt32(Marks.Failed);
        stream.WriteBlock(Encoding.UTF8.GetBytes(text));
        stream.Flush();
        AwaitClose();
    }

    /// <summary>Waits for the engine to close the connection: closing first could take the answer from it while it still sends.</summary>
    public void AwaitClose()
    {
        socket.ReceiveTimeout = ClosingMilliseconds;
        Span<byte> rest = stackalloc byte[1_024];
        while (stream.Read(rest) > 0) { }
    }
}
