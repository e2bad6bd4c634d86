using System.Net.Sockets;
using System.Security.Cryptography;
using MlSql.Columnar;
using MlSql.Worker.Barrier;
using MlSql.Worker.Evaluation;
using MlSql.Worker.Launch;
using MlSql.Worker.Relay;
using MlSql.Worker.Tasks;

namespace MlSql.Worker.Serving;

/// <summary>One connection of the engine: an opening exchange, then tasks one after another, on a thread of its own.</summary>
internal sealed class Connection : IDisposable
{
    private const int SecretLimit = 1 << 10;
    private const int OpeningMilliseconds = 15_000;

    private readonly Socket _socket;
    private readonly WorkerProcess _process;
    private readonly EngineStream _stream;
    private readonly TaskEnds _ends;
    private PythonConnection? _python;
    private volatile bool _busy;

    public Connection(Socket socket, WorkerProcess process)
    {
        (_socket, _process) = (socket, process);
        _stream = new EngineStream(socket);
        _ends = new TaskEnds(socket, _stream);
    }

    /// <summary>True while a task runs.</summary>
    public bool IsBusy => _busy;

    /// <summary>Milliseconds since the start of the machine when something was last answered.</summary>
    public long LastWrite => _stream.LastWrite;

    /// <summary>Serves a connection that the engine opened: says who we are, checks who they are.</summary>
    public void Serve()
    {
        Guard(() =>
        {
            _socket.ReceiveTimeout = OpeningMilliseconds;
            // One process answers for all its tasks; the engine only looks whether it lives.
            _stream.WriteInt32(Environment.ProcessId);
            _stream.Flush();
            if (_process.Settings.Secret is { } secret)
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
            _socket.ReceiveTimeout = 0;
            ServeTasks();
        });
    }

    /// <summary>Serves a connection that we opened to the engine, which started this process for one task.</summary>
    public void ServeBack()
    {
        Guard(() =>
        {
            _socket.ReceiveTimeout = OpeningMilliseconds;
            if (_process.Settings.Secret is { } secret)
            {
                _stream.WriteBlock(secret);
                _stream.Flush();
                if (_stream.ReadInt32() != 2 || !_stream.ReadBlock(2).AsSpan().SequenceEqual("ok"u8)) throw new IOException("The engine did not accept its own secret.");
            }
            _stream.WriteInt32(Environment.ProcessId);
            _stream.Flush();
            _socket.ReceiveTimeout = 0;
            ServeTasks();
        });
    }

    /// <summary>Lets the engine read the end of the answers, at which it closes the connection and thereby cancels the task.</summary>
    public void EndAnswers()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
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
        _socket.Dispose();
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
        using var watch = _process.Watcher.Start(_socket, cancel);
        long started = TaskEnds.Now();
        TaskRun? run = null;
        try
        {
            var task = TaskLayouts.Of(first).Read(_stream, first, _process.Settings.DescriptionLimit);
            if (task.OwnCommands == 0) return RelayTask(task, cancel.Token);
            if (task.OwnCommands < task.Commands) throw WorkerErrors.Mixed(task.OwnCommands, task.Commands);
            if (task.EvalType is not (EvalType.ScalarArrow or EvalType.ScalarArrowIterator or EvalType.ScalarPandas or EvalType.MapArrow)) throw WorkerErrors.Unsupported(task.EvalType);
            run = new(_stream, task, new FunctionBinder(task, _process.Models, new BarrierClient(task.Context, _process.Settings.PreferIpv6)), cancel.Token);
            long ready = TaskEnds.Now();
            run.Execute();
            if (_ends.Finish(task, started, ready, run.Rows)) return _process.Settings.Reuse;
            _ends.AwaitClose();
            return false;
        }
        catch (CodedException e)
        {
            _ends.Fail(e, run);
            return false;
        }
        catch (OutOfMemoryException e)
        {
            _ends.Fail(WorkerErrors.OutOfMemory(e), run);
            return false;
        }
        catch (Exception e) when (e is not (IOException or OperationCanceledException))
        {
            WorkerLog.Error(e.ToString());
            _ends.Fail(WorkerErrors.Bug(e), run);
            return false;
        }
    }

    private bool RelayTask(WorkerTask task, CancellationToken cancel)
    {
        // Between tasks Python says nothing: what can be read is the end of a worker that is gone.
        if (_python is not null && _python.Socket.Poll(0, SelectMode.SelectRead))
        {
            _python.Abandon();
            _python = null;
        }
        _python ??= _process.Python.Connect(task.Context.Python);
        byte[] received = _stream.TakeReceived(), first = new byte[task.Raw.Length + received.Length];
        task.Raw.Span.CopyTo(first);
        received.CopyTo(first, task.Raw.Length);
        TaskRelay relay = new(_socket, _python.Socket, task.TimingNumbers);
        try
        {
            bool again = relay.Run(first, cancel) == AnswerEnd.Reusable;
            if (!again) _ends.AwaitClose();
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
}
