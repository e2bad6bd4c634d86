using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Interop;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>The DuckDB library in use: its file, its version, and the extensions that are part of it.</summary>
public sealed record NativeLibraryInfo(string Path, string Version, ImmutableArray<string> Extensions)
{
    /// <summary>Loads the library and asks it. Throws <see cref="CodedException"/> MLS6001 or MLS6002.</summary>
    public static NativeLibraryInfo Read()
    {
        using DuckDbDatabase database = DuckDbDatabase.Open(new DatabaseOptions { Threads = 1 });
        using DuckDbConnection connection = database.Connect();
        using DuckDbResult result = connection.ExecuteStreaming("SELECT extension_name FROM duckdb_extensions() WHERE loaded ORDER BY extension_name", CancellationToken.None);
        var extensions = ImmutableArray.CreateBuilder<string>();
        while (result.NextChunk(CancellationToken.None) is { } chunk)
        {
            var names = (TextColumn)chunk.ToBatch().Columns[0];
            for (int i = 0; i < names.Length; i++) extensions.Add(names.Text(i)!);
        }
        return new NativeLibraryInfo(LibraryLoader.EnsureLoaded(), NativeDatabase.Version, extensions.ToImmutable());
    }
}
