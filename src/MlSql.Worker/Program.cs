using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using MlSql.Worker.Interop;
using MlSql.Worker.Launch;
using MlSql.Worker.Serving;

// Spark starts this in place of Python: `-m pyspark.daemon pyspark.worker` on executors, `-m pyspark.worker` for a single task. All else was meant for Python.
bool isDaemon = args is ["-m", "pyspark.daemon"] or ["-m", "pyspark.daemon", "pyspark.worker"];
if (!isDaemon && args is not ["-m", "pyspark.worker"]) return ForeignLaunch.HandOn(args);
var settings = WorkerSettings.Read(Environment.GetEnvironmentVariable);
return isDaemon ? ServeAll(settings) : ServeOne(settings);

static int ServeAll(WorkerSettings settings)
{
    // The engine waits for the address while it holds up every other task, so nothing is made ready before.
    using var listener = WorkerProcess.Listen(settings);
    Announce(listener.LocalEndPoint!);
    WorkerProcess process = new(settings);
    Lifeline.Hold(process.EndMostSilent);
    process.Run(listener);
    Posix.ExitNow(0);
    return 0;
}

static int ServeOne(WorkerSettings settings)
{
    WorkerProcess process = new(settings);
    bool files = settings.SocketFolder is not null || settings.Secret is null;
    EndPoint engine = files
        ? new UnixDomainSocketEndPoint(Environment.GetEnvironmentVariable("PYTHON_WORKER_FACTORY_SOCK_PATH") ?? "")
        : new IPEndPoint(settings.PreferIpv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, int.Parse(Environment.GetEnvironmentVariable("PYTHON_WORKER_FACTORY_PORT") ?? "", CultureInfo.InvariantCulture));
    using Socket socket = files ? new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new(engine.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    socket.Connect(engine);
    using Connection connection = new(socket, process);
    connection.ServeBack();
    return 0;
}

static void Announce(EndPoint address)
{
    byte[] message;
    if (address is IPEndPoint ip)
    {
        message = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(message, ip.Port);
    }
    else
    {
        byte[] path = Encoding.UTF8.GetBytes(address.ToString()!);
        message = new byte[sizeof(int) + path.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, path.Length);
        path.CopyTo(message, sizeof(int));
    }
    using FileStream output = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
    output.Write(message);
}
