using System.ComponentModel;
using System.Diagnostics;
using MlSql.Engines.Spark.Server;

namespace MlSql.Engines.Spark.Shipping;

/// <summary>The worker unpacked on this machine, for a server of our own.</summary>
internal static class InstalledWorker
{
    /// <summary>Unpacks the worker into a folder, gives it the native libraries that lie beside us, and tries whether it starts. Gives back its path.</summary>
    public static string Install(string folder)
    {
        ShippedArchive.Worker(ShippedArchive.ThisRuntime).Unpack(folder);
        string worker = Path.Combine(folder, "worker");
        string libraries = Path.Combine(AppContext.BaseDirectory, "runtimes");
        if (Directory.Exists(libraries)) Directory.CreateSymbolicLink(Path.Combine(folder, "runtimes"), libraries);
        Try(worker);
        return worker;
    }

    // It prints its port and ends with its standard input: 40 ms, for an error that is clear where Spark's is not.
    private static void Try(string worker)
    {
        ProcessStartInfo start = new(worker, ["-m", "pyspark.daemon", "pyspark.worker"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHON_WORKER_FACTORY_SECRET"] = "0";
        try
        {
            using var process = Process.Start(start)!;
            int read = process.StandardOutput.BaseStream.ReadAtLeast(new byte[4], 4, throwOnEndOfStream: false);
            process.StandardInput.Close();
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (read < 4) throw ServerErrors.WorkerDoesNotStart(worker, error.Trim().ReplaceLineEndings(" "));
        }
        catch (Win32Exception refused)
        {
            throw ServerErrors.WorkerDoesNotStart(worker, WorkerStart.Reason(refused.NativeErrorCode) ?? refused.Message);
        }
    }
}
