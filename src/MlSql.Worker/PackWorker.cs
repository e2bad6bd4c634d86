using System;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Publishes the worker for one runtime and packs it as a file that unpacks itself, and ONNX Runtime for the same platform as an archive. Their bytes depend on the content alone.
/// Once, whatever number of builds ask for it at the same time. The publish is a process of its own, since a build that waits for another inside one process can wait for itself.
/// </summary>
public sealed class PackWorker : Task
{
    private const int Executable = 0x1ED, Readable = 0x1A4;     // 0755, 0644
    private const int StartBytes = 1024;                        // as start.sh says

    [Required]
    public string Project { get; set; }

    [Required]
    public string Runtime { get; set; }

    [Required]
    public string DotNet { get; set; }

    /// <summary>What the archives are made from; nothing is done when the stamp is newer than all of it.</summary>
    [Required]
    public ITaskItem[] Sources { get; set; }

    /// <summary>Native libraries with metadata Rid, Name and Sha256.</summary>
    [Required]
    public ITaskItem[] Libraries { get; set; }

    [Required]
    public string License { get; set; }

    /// <summary>The shell's part of the packed worker: what unpacks and starts the rest of the file.</summary>
    [Required]
    public string Start { get; set; }

    [Required]
    public string Archive { get; set; }

    [Required]
    public string OnnxArchive { get; set; }

    [Required]
    public string Stamp { get; set; }

    public override bool Execute()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Stamp));
        using (OpenGate())
        {
            if (IsFresh()) return true;
            Log.LogMessage(MessageImportance.High, "Publishing the worker for " + Runtime + ", once.");
            string folder = Path.Combine(Path.GetDirectoryName(Project), "obj", "published", Runtime);
            if (!Publish(folder) || !PackLibrary()) return false;
            if (!PackProgram(Path.Combine(folder, "MlSql.Worker"))) return false;
            File.WriteAllText(Stamp, "");
            return true;
        }
    }

    private bool IsFresh()
    {
        if (!File.Exists(Stamp) || !File.Exists(Archive)) return false;
        DateTime made = File.GetLastWriteTimeUtc(Stamp);
        return Sources.All(s => File.GetLastWriteTimeUtc(s.ItemSpec) <= made);
    }

    private FileStream OpenGate()
    {
        for (bool told = false; ; told = true)
        {
            try
            {
                return new FileStream(Path.Combine(Path.GetDirectoryName(Stamp), ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                if (!told) Log.LogMessage(MessageImportance.High, "Another build is publishing the worker; waiting.");
                Thread.Sleep(200);
            }
        }
    }

    // What is needed was restored with the project that asks.
    private bool Publish(string folder)
    {
        string arguments = "msbuild \"" + Project + "\" -t:Publish -p:Configuration=Shipped -p:RuntimeIdentifier=" + Runtime + " -p:PublishDir=\"" + folder + "/\" -nologo -v:m -m:1 -nodeReuse:false -tl:off";
        var output = new StringBuilder();
        var start = new ProcessStartInfo(DotNet, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using (var build = Process.Start(start))
        {
            build.ErrorDataReceived += (_, line) => { if (line.Data != null) lock (output) output.AppendLine(line.Data); };
            build.BeginErrorReadLine();
            for (string line = build.StandardOutput.ReadLine(); line != null; line = build.StandardOutput.ReadLine())
                lock (output) output.AppendLine(line);
            build.WaitForExit();
            if (build.ExitCode == 0) return true;
        }
        string said = string.Join("\n", output.ToString().Split('\n').Where(l => l.Contains(": error ")).Distinct());
        return Fail("MLS9011", "The worker could not be published for " + Runtime + " (-p:WorkerRuntimes=none builds without it). " + (said.Length > 0 ? said : output.ToString()));
    }

    private bool PackLibrary()
    {
        ITaskItem library = Libraries.FirstOrDefault(l => l.GetMetadata("Rid") == Runtime && l.GetMetadata("Name").Contains("onnxruntime"));
        if (library == null || !File.Exists(library.ItemSpec))
        {
            Log.LogMessage(MessageImportance.High, "There is no ONNX Runtime for " + Runtime + ": no archive of it is made.");
            File.Delete(OnnxArchive);
            return true;
        }
        using (var file = File.OpenRead(library.ItemSpec))
        using (var sha = SHA256.Create())
        {
            string sum = BitConverter.ToString(sha.ComputeHash(file)).Replace("-", "").ToLowerInvariant();
            if (sum != library.GetMetadata("Sha256")) return Fail("MLS9003", library.ItemSpec + " has SHA-256 " + sum + ", expected " + library.GetMetadata("Sha256") + ".");
        }
        Pack(OnnxArchive, new byte[0], packed =>
        {
            Append(packed, new Entry(library.GetMetadata("Name"), library.ItemSpec, Executable));
            Append(packed, new Entry("LICENSE.onnxruntime.txt", License, Readable));
            packed.Write(new byte[1024], 0, 1024);
        });
        return true;
    }

    private bool PackProgram(string program)
    {
        if (Runtime.StartsWith("win", StringComparison.Ordinal)) return Fail("MLS9013", "The worker starts by sh, so it cannot be packed for " + Runtime + ".");
        byte[] start = File.ReadAllBytes(Start);
        if (start.Length > StartBytes) return Fail("MLS9012", Start + " has " + start.Length + " bytes, more than the " + StartBytes + " that it says itself.");
        byte[] head = Enumerable.Repeat((byte)'\n', StartBytes).ToArray();
        start.CopyTo(head, 0);
        Pack(Archive, head, packed =>
        {
            using (var file = File.OpenRead(program)) file.CopyTo(packed);
        });
        return true;
    }

    // A file with the same bytes is left alone, and with it every copy that was made of it.
    private static void Pack(string archive, byte[] head, Action<Stream> write)
    {
        string fresh = archive + ".new";
        using (var file = File.Create(fresh))
        {
            file.Write(head, 0, head.Length);
            using (var packed = new GZipStream(file, (CompressionLevel)3)) write(packed);      // SmallestSize, which this task's framework has no name for
        }
        if (File.Exists(archive) && File.ReadAllBytes(archive).SequenceEqual(File.ReadAllBytes(fresh)))
        {
            File.Delete(fresh);
            return;
        }
        File.Delete(archive);
        File.Move(fresh, archive);
    }

    // A ustar header: no owner, the time of the epoch.
    private static void Append(Stream archive, Entry entry)
    {
        using (var file = File.OpenRead(entry.Path))
        {
            var header = new byte[512];
            Put(header, 0, entry.Name);
            Put(header, 100, Octal(entry.Mode, 7));
            Put(header, 108, Octal(0, 7));
            Put(header, 116, Octal(0, 7));
            Put(header, 124, Octal(file.Length, 11));
            Put(header, 136, Octal(0, 11));
            Put(header, 148, "        ");
            Put(header, 156, "0");
            Put(header, 257, "ustar\0" + "00");
            Put(header, 148, Octal(header.Sum(b => (long)b), 6) + "\0 ");
            archive.Write(header, 0, header.Length);
            file.CopyTo(archive);
            int rest = (int)(-file.Length & 511);
            archive.Write(new byte[rest], 0, rest);
        }
    }

    private static void Put(byte[] header, int at, string text) { Encoding.ASCII.GetBytes(text, 0, text.Length, header, at); }

    private static string Octal(long value, int digits) { return Convert.ToString(value, 8).PadLeft(digits, '0'); }

    private bool Fail(string code, string message)
    {
        Log.LogError(null, code, null, null, 0, 0, 0, 0, message);
        return false;
    }

    private sealed class Entry
    {
        public readonly string Name, Path;
        public readonly int Mode;

        public Entry(string name, string path, int mode)
        {
            Name = name;
            Path = path;
            Mode = mode;
        }
    }
}
