using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Security.Cryptography;
using System.Threading;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Runs "npm ci" in a folder once, whatever number of builds ask for it at the same time, and checks the SHA-256 of the files that the build takes from it.
/// Writes node_modules/.fetched when all of it is there.
/// </summary>
public sealed class NpmCi : Task
{
    private const string Arguments = "ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefer-offline --fetch-retries=1 --fetch-retry-mintimeout=500 --fetch-retry-maxtimeout=1000";

    [Required]
    public string Folder { get; set; }

    /// <summary>What is fetched, for messages.</summary>
    [Required]
    public string Purpose { get; set; }

    /// <summary>Files under node_modules with metadata Sha256.</summary>
    public ITaskItem[] Libraries { get; set; }

    public override bool Execute()
    {
        using (OpenGate())
        {
            if (IsFresh()) return true;
            Log.LogMessage(MessageImportance.High, "Fetching " + Purpose + " with npm, once.");
            if (!RunNpm() || !CheckHashes()) return false;
            File.WriteAllText(Stamp, "");
            return true;
        }
    }

    private string Stamp { get { return Path.Combine(Folder, "node_modules", ".fetched"); } }

    private bool IsFresh()
    {
        return File.Exists(Stamp) && File.GetLastWriteTimeUtc(Stamp) >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json"));
    }

    private FileStream OpenGate()
    {
        for (bool told = false; ; told = true)
        {
            try
            {
                return new FileStream(Path.Combine(Folder, ".fetch.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                if (!told) Log.LogMessage(MessageImportance.High, "Another build is fetching " + Purpose + "; waiting.");
                Thread.Sleep(200);
            }
        }
    }

    private bool RunNpm()
    {
        bool windows = Path.DirectorySeparatorChar == '\\';
        var start = new ProcessStartInfo(windows ? "cmd.exe" : "npm", windows ? "/c npm " + Arguments : Arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        try
        {
            using (var npm = Process.Start(start))
            {
                npm.OutputDataReceived += delegate { };
                npm.BeginOutputReadLine();
                string error = npm.StandardError.ReadToEnd();
                npm.WaitForExit();
                if (npm.ExitCode == 0) return true;
                return Fail("MLS9002", "npm could not fetch " + Purpose + " (" + Reason(error) + "). Check the network, or copy " + Path.Combine(Folder, "node_modules") + " from a machine that has it.");
            }
        }
        catch (Win32Exception)
        {
            return Fail("MLS9001", "npm was not found. It fetches " + Purpose + " once: install Node.js 20 or newer, then build again.");
        }
    }

    private bool CheckHashes()
    {
        foreach (var library in Libraries ?? new ITaskItem[0])
        {
            if (!File.Exists(library.ItemSpec)) return Fail("MLS9003", library.ItemSpec + " is not in the fetched package.");
            using (var file = File.OpenRead(library.ItemSpec))
            using (var sha = SHA256.Create())
            {
                string sum = BitConverter.ToString(sha.ComputeHash(file)).Replace("-", "").ToLowerInvariant();
                if (sum != library.GetMetadata("Sha256"))
                    return Fail("MLS9003", Path.GetFileName(library.ItemSpec) + " has SHA-256 " + sum + ", expected " + library.GetMetadata("Sha256") + ".");
            }
        }
        return true;
    }

    // npm prints twenty lines; the cause stands in the one with "reason:" or "code".
    private static string Reason(string error)
    {
        string best = "";
        foreach (string line in error.Split('\n'))
            if (best.Length == 0 || line.Contains("reason:") || line.Contains(" code ")) best = line.Trim();
        return best;
    }

    private bool Fail(string code, string message)
    {
        Log.LogError(null, code, null, null, 0, 0, 0, 0, message);
        return false;
    }
}
