using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using MlSql.Engines.Spark.Server;

namespace MlSql.Engines.Spark.Shipping;

/// <summary>The worker on this machine, for a server of our own.</summary>
internal static class InstalledWorker
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Puts the worker into a folder, gives it the native libraries that lie beside us, and tries whether it starts. Gives back its path.</summary>
    [UnsupportedOSPlatform("windows")]
    public static string Install(string folder)
    {
        var packed = ShippedFile.Worker(ShippedFile.ThisRuntime);
        string worker = Path.Combine(folder, packed.Stem + ".packed");
        File.Copy(packed.Path, worker);
        File.SetUnixFileMode(worker, Executable);
        string libraries = Path.Combine(AppContext.BaseDirectory, "runtimes");
        if (Directory.Exists(libraries)) Directory.CreateSymbolicLink(Path.Combine(folder, "runtimes"), libraries);
        Try(worker);
        return worker;
    }

    // It unpacks itself, prints its port and ends with its standard input: 0.3 s while the server starts, for an error that is clear where Spark's is not.
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
