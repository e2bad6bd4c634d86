using System.Reflection;
using System.Runtime.InteropServices;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>Finds and loads libduckdb when it is first needed. A failure is tried again at the next call, so that a library put in place later is found.</summary>
internal static class LibraryLoader
{
    /// <summary>Names a library file to be used in place of the one that came with the program.</summary>
    internal const string PathVariable = "MLSQL_DUCKDB_LIBRARY";

    // Exists since 1.5: an older library would fail in the middle of a statement instead.
    private const string NewestFunctionUsed = "duckdb_unsafe_vector_assign_string_element_len";

    private static readonly Lock Gate = new();
    private static nint s_library;
    private static string? s_path;

    /// <summary>The file that is loaded; loads it. Throws <see cref="CodedException"/> MLS6001 or MLS6002.</summary>
    public static string EnsureLoaded()
    {
        lock (Gate)
        {
            if (s_path is not null) return s_path;
            string path = Find(Environment.GetEnvironmentVariable(PathVariable), SearchFolders());
            s_library = Load(path);
            NativeLibrary.SetDllImportResolver(typeof(LibraryLoader).Assembly, static (name, _, _) => name == NativeMethods.Library ? s_library : 0);
            return s_path = path;
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

    /// <summary>The first candidate that exists, or the named override alone. Throws <see cref="CodedException"/> MLS6001.</summary>
    internal static string Find(string? named, IEnumerable<string> folders)
    {
        string[] candidates = string.IsNullOrEmpty(named) ? [.. Candidates(folders)] : [Path.GetFullPath(named)];
        return candidates.FirstOrDefault(File.Exists) ?? throw new CodedException(
            EngineErrorCodes.LibraryMissing,
            $"The DuckDB library was not found; looked at {string.Join(", ", candidates)}",
            string.IsNullOrEmpty(named)
                ? $"build the program again so that the library is fetched (needs npm), or name a library file in {PathVariable}"
                : $"correct or unset {PathVariable}");
    }

    /// <summary>Loads one file and checks that it is a DuckDB library new enough. Throws <see cref="CodedException"/> MLS6002.</summary>
    internal static nint Load(string path)
    {
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new CodedException(EngineErrorCodes.LibraryUnusable, $"{path} cannot be loaded as a library: {e.Message.ReplaceLineEndings(" ").Trim()}", $"it must be DuckDB 1.5 for {PlatformName}; build the program again, or name another file in {PathVariable}", e);
        }
        if (NativeLibrary.TryGetExport(library, NewestFunctionUsed, out _)) return library;
        NativeLibrary.Free(library);
        throw new CodedException(EngineErrorCodes.LibraryUnusable, $"{path} is not a DuckDB library of version 1.5 or newer", $"build the program again, or name another file in {PathVariable}");
    }

    private static string FileName =>
        OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    private static string PlatformName =>
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static IEnumerable<string> SearchFolders()
    {
        string? besideAssembly = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        string programFolder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        return string.IsNullOrEmpty(besideAssembly) || besideAssembly == programFolder ? [programFolder] : [besideAssembly, programFolder];
    }
}
