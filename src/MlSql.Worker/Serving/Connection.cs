using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MlSql.Columnar;
using MlSql.Worker.Barrier;
using MlSql.Worker.Evaluation;
using MlSql.Worker.Launch;
using MlSql.Worker.Relay;
using MlSql.Worker.Tasks;

namespace MlSql.Worker.Serving;

/// <summary>One connection of the engine: an opening exchange, then tasks one after another, on a thread of its own.</summary>
internal sealed class Connection(Socket socket, WorkerProcess process) : IDisposable
{
    private const int SecretLimit = 1 << 10;
    private const int OpeningMilliseconds = 15_000;
    private const int ClosingMilliseconds = 60_000;

    private readonly EngineStream _stream = new(socket);
    private PythonConnection? _python;
    private volatile bool _busy;

    /// <summary>True while a task runs.</summary>
    public bool IsBusy => _busy;

    /// <summary>Milliseconds since the start of the machine when something was last answered.</summary>
    public long LastWrite => _stream.LastWrite;

    /// <summary>Serves a connection that the engine opened: says who we are, checks who they are.</summary>
    public void Serve()
    {
        Guard(() =>
        {
            socket.ReceiveTimeout = OpeningMilliseconds;
            // One process answers for all its tasks; the engine only looks whether it lives.
            _stream.WriteInt32(Environment.ProcessId);
            _stream.Flush();
            if (process.Settings.Secret is { } secret)
            {
                int length = _stream.ReadInt32();
                bool ok = length is >= 0 and <= SecretLimit && CryptographicOperations.FixedTimeEquals(_stream.ReadBlock(length), secret);
                _stream.WriteBlock(ok ? "ok"u8 : "err"u8);
                _stream.Flush();
                if (!ok)
                {
                    WorkerLog.Warning("A connection with a wrong secret was refused.");
                    return;
                }
            }
            socket.ReceiveTimeout = 0;
            ServeTasks();
        });
    }

    /// <summary>Serves a connection that we opened to the engine, which started this process for one task.</summary>
    public void ServeBack()
    {
        Guard(() =>
        {
            socket.ReceiveTimeout = OpeningMilliseconds;
            if (process.Settings.Secret is { } secret)
            {
                _stream.WriteBlock(secret);
                _stream.Flush();
                if (_stream.ReadInt32() != 2 || !_stream.ReadBlock(2).AsSpan().SequenceEqual("ok"u8)) throw new IOException("The engine did not accept its own secret.");
            }
            _stream.WriteInt32(Environment.ProcessId);
            _stream.Flush();
            socket.ReceiveTimeout = 0;
            ServeTasks();
        });
    }

    /// <summary>Lets the engine read the end of the answers, at which it closes the connection and thereby cancels the task.</summary>
    public void EndAnswers()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            WorkerLog.Debug($"A connection was closed already: {e.Message}");
        }
    }

    /// <summary>Closes the connection; a task that runs ends at its next batch.</summary>
    public void Dispose()
    {
        _python?.Dispose();
        socket.Dispose();
    }

    // Whatever happens to one connection is no matter of the others.
    private void Guard(Action serve)
    {
        try
        {
            serve();
        }
        catch (Exception e) when (e is IOException or EndOfStreamException or OperationCanceledException)
        {
            WorkerLog.Debug($"A connection ended: {e.Message}");
        }
        catch (Exception e)
        {
            WorkerLog.Error($"A connection ended: {e}");
        }
        finally
        {
            Dispose();
        }
    }

    private void ServeTasks()
    {
        while (_stream.TryReadInt32(out int first))
        {
            _busy = true;
            bool goOn = RunTask(first);
            _busy = false;
            if (!goOn) break;
        }
    }

    private bool RunTask(int first)
    {
        CancellationTokenSource cancel = new();
        using var watch = process.Watcher.Start(socket, cancel);
        long started = Now();
        TaskRun? run = null;
        try
        {
            var task = TaskLayouts.Of(first).Read(_stream, first, process.Settings.DescriptionLimit);
            if (task.OwnCommands == 0) return RelayTask(task, cancel.Token);
            if (task.OwnCommands < task.Commands) throw WorkerErrors.Mixed(task.OwnCommands, task.Commands);
            if (task.EvalType is not (EvalType.ScalarArrow or EvalType.ScalarArrowIterator or EvalType.ScalarPandas or EvalType.MapArrow)) throw WorkerErrors.Unsupported(task.EvalType);
            run = new(_stream, task, new FunctionBinder(task, process.Models, new BarrierClient(task.Context, process.Settings.PreferIpv6)), cancel.Token);
            long ready = Now();
            run.Execute();
            return Finish(task, started, ready, run.Rows);
        }
        catch (CodedException e)
        {
            return Fail(e, run);
        }
        catch (OutOfMemoryException e)
        {
            return Fail(WorkerErrors.OutOfMemory(e), run);
        }
        catch (Exception e) when (e is not (IOException or OperationCanceledException))
        {
            WorkerLog.Error(e.ToString());
            return Fail(WorkerErrors.Bug(e), run);
        }
    }

    private bool Finish(WorkerTask task, long started, long ready, long rows)
    {
        long end = Now();
        _stream.WriteInt32(Marks.Timing);
        _stream.WriteInt64(started);
        _stream.WriteInt64(ready);
        _stream.WriteInt64(end);
        _stream.WriteInt64(end - ready);
        // Nothing is ever spilled.
        for (int i = 4; i < task.TimingNumbers; i++) _stream.WriteInt64(0);
        _stream.WriteInt32(Marks.EndOfData);
        _stream.WriteInt32(0);
        // What the engine sends last may come after what it waits for.
        _stream.Flush();
        // Broadcast values belong to the connection, and we do not keep them for Python.
        bool again = _stream.ReadInt32() == Marks.EndOfStream && !task.ChangesBroadcasts;
        _stream.WriteInt32(again ? Marks.EndOfStream : Marks.EndOfData);
        _stream.Flush();
        WorkerLog.Debug(string.Create(CultureInfo.InvariantCulture, $"Task of stage {task.Context.Stage}, partition {task.Partition}: {rows} rows in {end - started} ms"));
        if (!again) AwaitClose();
        return again && process.Settings.Reuse;
    }

    // An error may only stand behind a whole Arrow stream.
    private bool Fail(CodedException error, TaskRun? run)
    {
        string text = $"{error.Code}: {error.Message}{(run is null ? "" : $" ({run.Place})")}{(error.Hint is null ? "" : "; " + error.Hint)}";
        WorkerLog.Info(text);
        run?.Close();
        _stream.WriteInt32(Marks.Failed);
        _stream.WriteBlock(Encoding.UTF8.GetBytes(text));
        _stream.Flush();
        AwaitClose();
        return false;
    }

    private bool RelayTask(WorkerTask task, CancellationToken cancel)
    {
        _python ??= process.Python.Connect(task.Context.Python);
        byte[] received = _stream.TakeReceived(), first = new byte[task.Raw.Length + received.Length];
        task.Raw.Span.CopyTo(first);
        received.CopyTo(first, task.Raw.Length);
        TaskRelay relay = new(socket, _python.Socket, task.TimingNumbers);
        try
        {
            bool again = relay.Run(first, cancel) == AnswerEnd.Reusable;
            if (!again) AwaitClose();
            return again;
        }
        catch (Exception e)
        {
            _python.Abandon();
            _python = null;
            if (e is not CodedException || !relay.HasAnswer) throw;
            // Half an answer went out, so the engine would not understand the error: it sees the connection break.
            WorkerLog.Error(e.Message);
            throw new IOException(e.Message, e);
        }
    }

    // Closing first could take the answer from an engine that still sends.
    private void AwaitClose()
    {
        socket.ReceiveTimeout = ClosingMilliseconds;
        Span<byte> rest = stackalloc byte[1_024];
        while (_stream.Read(rest) > 0) { }
    }

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}
