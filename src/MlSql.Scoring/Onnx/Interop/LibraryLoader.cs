using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;

namespace MlSql.Scoring.Onnx.Interop;

/// <summary>Finds and loads libonnxruntime when it is first needed. A failure is tried again at the next call, so that a library put in place later is found.</summary>
internal static unsafe partial class LibraryLoader
{
    /// <summary>Names a library file to be used in place of the one that came with the program.</summary>
    internal const string PathVariable = "MLSQL_ONNXRUNTIME_LIBRARY";

    private const string ArchivePattern = "mlsql-onnx-*";
    private const uint ApiVersion = 30;
    private static readonly Lock Gate = new();
    private static LoadedLibrary? s_loaded;

    /// <summary>The library; loads it. Throws <see cref="Columnar.CodedException"/> MLS4101 or MLS4102.</summary>
    public static LoadedLibrary EnsureLoaded()
    {
        if (Volatile.Read(ref s_loaded) is { } loaded) return loaded;
        lock (Gate)
        {
            if (s_loaded is not null) return s_loaded;
            string path = Find(Environment.GetEnvironmentVariable(PathVariable), SearchFolders());
            var fresh = Load(path);
            Volatile.Write(ref s_loaded, fresh);
            return fresh;
        }
    }

    /// <summary>Where the library of this platform is looked for, in order.</summary>
    internal static IEnumerable<string> Candidates(IEnumerable<string> folders)
    {
        foreach (string folder in folders)
        {
            yield return Path.Combine(folder, "runtimes", PlatformName, "native", FileName);
            yield return Path.Combine(folder, FileName);
        }
    }

    /// <summary>The first candidate that exists, or the named override alone. Throws <see cref="Columnar.CodedException"/> MLS4101.</summary>
    internal static string Find(string? named, IEnumerable<string> folders)
    {
        bool isNamed = !string.IsNullOrEmpty(named);
        string[] candidates = isNamed ? [Path.GetFullPath(named!)] : [.. Candidates(folders)];
        return candidates.FirstOrDefault(File.Exists) ?? throw RuntimeErrors.LibraryMissing(candidates, isNamed, PathVariable);
    }

    /// <summary>Loads one file, switches its telemetry off and makes the environment. Throws <see cref="Columnar.CodedException"/> MLS4102.</summary>
    internal static LoadedLibrary Load(string path)
    {
        SilenceTelemetry();
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw RuntimeErrors.LibraryUnusable(path, $"cannot be loaded as a library: {e.Message.ReplaceLineEndings(" ").Trim()}", PathVariable, e);
        }
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint entry))
        {
            NativeLibrary.Free(library);
            throw RuntimeErrors.LibraryUnusable(path, "is not an ONNX Runtime library", PathVariable);
        }
        // { const OrtApi* (*GetApi)(uint32_t); const char* (*GetVersionString)(void); }
        void** table = ((delegate* unmanaged[Cdecl]<void**>)entry)();
        string version = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)table[1])()) ?? "";
        // GetApi prints to standard error when it knows no such version, so the version is asked first.
        void** slots = Version.TryParse(version, out var number) && number >= new Version(1, (int)ApiVersion) ? ((delegate* unmanaged[Cdecl]<uint, void**>)table[0])(ApiVersion) : null;
        if (slots == null) throw RuntimeErrors.LibraryUnusable(path, $"is ONNX Runtime {version}, which is too old", PathVariable);
        var api = new OrtApi(slots);
        return new LoadedLibrary(api, api.CreateEnvironment(), path, version);
    }

    // The library sends usage data and writes a device id under the home folder unless this stands in the C environment before it makes its environment; .NET's own setter changes only a managed copy.
    private static void SilenceTelemetry()
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.SetEnvironmentVariable("ORT_DISABLE_TELEMETRY", "1");
            return;
        }
        fixed (byte* name = "ORT_DISABLE_TELEMETRY"u8, value = "1"u8)
        {
            if (SetEnvironmentVariable(name, value, 1) != 0) throw new InvalidOperationException("setenv failed.");
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv")]
    private static partial int SetEnvironmentVariable(byte* name, byte* value, int overwrite);

    private static string FileName =>
        OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.1.dylib" : "libonnxruntime.so.1";

    private static string PlatformName =>
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    // A program in a single file has no assembly beside itself; then only its own folder is left.
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An empty answer is expected and handled.")]
    private static IEnumerable<string> SearchFolders()
    {
        string? besideAssembly = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        string programFolder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        if (!string.IsNullOrEmpty(besideAssembly) && besideAssembly != programFolder) yield return besideAssembly;
        yield return programFolder;
        foreach (string folder in ArchiveFolders(Environment.CurrentDirectory, Path.GetDirectoryName(programFolder))) yield return folder;
    }

    /// <summary>On a cluster the library travels as an archive of its own, which is unpacked beside that of the program or in the working directory.</summary>
    internal static IEnumerable<string> ArchiveFolders(params string?[] parents) =>
        parents.Where(Directory.Exists).Distinct().SelectMany(parent => Directory.EnumerateDirectories(parent!, ArchivePattern).Order(StringComparer.Ordinal));
}

/// <summary>The library with its one environment, which lives as long as the process.</summary>
internal sealed record LoadedLibrary(OrtApi Api, nint Environment, string Path, string Version);
