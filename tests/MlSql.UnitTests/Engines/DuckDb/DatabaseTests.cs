using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using MlSql.Columnar;
using MlSql.Engines.DuckDb.Database;
using MlSql.Engines.DuckDb.Interop;

namespace MlSql.UnitTests.Engines.DuckDb;

internal sealed class DatabaseTests : EngineFixture
{
    private static string CodeOf(DatabaseOptions options) => Assert.Catch<CodedException>(() => DuckDbDatabase.Open(options).Dispose())!.Code;

    private string MakeDatabase()
    {
        string path = PathOf("a.db");
        using DuckDbDatabase database = DuckDbDatabase.Open(new DatabaseOptions { Path = path });
        using DuckDbConnection connection = database.Connect();
        connection.Execute("CREATE TABLE t AS SELECT 7 AS a", default);
        return path;
    }

    [Test]
    public void What_is_written_to_a_file_is_there_at_the_next_opening()
    {
        string path = MakeDatabase();
        using DuckDbDatabase database = DuckDbDatabase.Open(new DatabaseOptions { Path = path });
        using DuckDbConnection connection = database.Connect();
        Assert.That(Rows(connection, "SELECT a FROM t").Single().Single(), Is.EqualTo("7"));
    }

    [Test]
    public void A_read_only_database_refuses_changes_but_has_the_system_catalog()
    {
        using DuckDbDatabase database = DuckDbDatabase.Open(new DatabaseOptions { Path = MakeDatabase(), ReadOnly = true });
        using DuckDbConnection connection = database.Connect();
        SystemCatalog.Attach(connection);
        SystemCatalog.Attach(connection);
        connection.Execute("CREATE TABLE mlsql.models AS SELECT a + 1 AS b FROM t", default);
        Assert.That(Rows(connection, "SELECT b FROM mlsql.models").Single().Single(), Is.EqualTo("8"));
        Assert.Throws<EngineException>(() => connection.Execute("INSERT INTO t VALUES (1)", default));
    }

    [Test]
    public void A_file_that_is_no_database_is_named_so()
    {
        File.WriteAllText(PathOf("x.db"), string.Concat(Enumerable.Repeat("a,b\n1,2\n", 2000)));
        Assert.That(CodeOf(new DatabaseOptions { Path = PathOf("x.db") }), Is.EqualTo("MLS6003"));
        Assert.That(CodeOf(new DatabaseOptions { Path = Folder }), Is.EqualTo("MLS6003"));
    }

    [Test]
    public void A_database_of_a_newer_version_is_named_so()
    {
        string path = MakeDatabase();
        byte[] file = File.ReadAllBytes(path);
        // The first block: checksum, "DUCK", version, flags.
        Span<byte> header = file.AsSpan(0, 4096);
        BinaryPrimitives.WriteUInt64LittleEndian(header[12..], 200);
        ulong sum = 5381;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(header[8..])) sum ^= unchecked(word * 0xbf58476d1ce4e5b9UL);
        BinaryPrimitives.WriteUInt64LittleEndian(header, sum);
        File.WriteAllBytes(path, file);
        Assert.That(CodeOf(new DatabaseOptions { Path = path }), Is.EqualTo("MLS6004"));
    }

    [Test]
    public void A_missing_folder_or_file_is_named_so()
    {
        Assert.That(CodeOf(new DatabaseOptions { Path = PathOf("no/x.db") }), Is.EqualTo("MLS6006"));
        Assert.That(CodeOf(new DatabaseOptions { Path = PathOf("no.db"), ReadOnly = true }), Is.EqualTo("MLS6008"));
    }

    [Test]
    public void A_second_opening_in_the_same_process_is_refused_until_the_last_connection_is_closed()
    {
        string path = MakeDatabase();
        DuckDbDatabase database = DuckDbDatabase.Open(new DatabaseOptions { Path = path });
        DuckDbConnection connection = database.Connect();
        database.Dispose();
        Assert.That(CodeOf(new DatabaseOptions { Path = path }), Is.EqualTo("MLS6005"));
        connection.Dispose();
        DuckDbDatabase.Open(new DatabaseOptions { Path = path }).Dispose();
    }

    [Test]
    public void A_database_that_another_process_uses_is_named_so_with_that_process()
    {
        string path = MakeDatabase();
        using Process? holder = StartLockHolder(path);
        if (holder is null) Assert.Ignore("python3 is not there to hold the lock");
        try
        {
            Assert.That(holder!.StandardOutput.ReadLine(), Is.EqualTo("locked"));
            var error = Assert.Throws<CodedException>(() => DuckDbDatabase.Open(new DatabaseOptions { Path = path }))!;
            Assert.That(error.Code, Is.EqualTo("MLS6005"));
            Assert.That(error.Message, Does.Contain($"PID {holder.Id}"));
        }
        finally
        {
            holder!.Kill();
            holder.WaitForExit();
        }
    }

    private static Process? StartLockHolder(string path)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("python3", ["-c", "import fcntl,sys\nf=open(sys.argv[1],'r+b')\nfcntl.lockf(f,fcntl.LOCK_EX)\nprint('locked',flush=True)\nsys.stdin.read()", path]) { RedirectStandardOutput = true, RedirectStandardInput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [Test]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.That(CodeOf(new DatabaseOptions { Threads = 0 }), Is.EqualTo("MLS6009"));
        Assert.That(CodeOf(new DatabaseOptions { MemoryBytes = -1 }), Is.EqualTo("MLS6009"));
        Assert.That(CodeOf(new DatabaseOptions { Path = "" }), Is.EqualTo("MLS6009"));
    }

    [Test]
    public void Options_reach_the_engine_and_it_loads_nothing_from_the_network()
    {
        using DuckDbDatabase database = DuckDbDatabase.Open(new DatabaseOptions { Threads = 1, MemoryBytes = 100L << 20, TempFolder = PathOf("spill") });
        using DuckDbConnection connection = database.Connect();
        Assert.That(
            Rows(connection, "SELECT current_setting('threads'), current_setting('memory_limit'), current_setting('temp_directory'), current_setting('autoload_known_extensions'), current_setting('autoinstall_known_extensions')").Single(),
            Is.EqualTo(new[] { "1", "100.0 MiB", PathOf("spill"), "false", "false" }));
    }

    [Test]
    public void Temporary_files_go_away_with_the_database()
    {
        using (DuckDbDatabase database = DuckDbDatabase.Open(new DatabaseOptions { Threads = 1, MemoryBytes = 60L << 20, TempFolder = PathOf("spill") }))
        using (DuckDbConnection connection = database.Connect())
        {
            connection.Execute("CREATE TABLE t AS SELECT i, hash(i) AS h, hash(i + 1) AS k FROM range(4000000) t(i)", default);
            Assert.That(Directory.Exists(PathOf("spill")), Is.True);
        }
        Assert.That(Directory.Exists(PathOf("spill")), Is.False);
    }

    [Test]
    public void Five_hundred_connections_leave_nothing_behind()
    {
        for (int i = 0; i < 50; i++) OpenAndClose();
        long before = Environment.WorkingSet;
        for (int i = 0; i < 500; i++) OpenAndClose();
        Assert.That(Environment.WorkingSet - before, Is.LessThan(32L << 20));

        void OpenAndClose()
        {
            using DuckDbConnection connection = Database.Connect();
            Assert.That(Rows(connection, "SELECT 1"), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public void A_closed_connection_says_so_and_may_be_interrupted()
    {
        DuckDbConnection connection = Database.Connect();
        connection.Dispose();
        connection.Interrupt();
        Assert.Throws<ObjectDisposedException>(() => connection.Execute("SELECT 1", default));
    }

    [Test]
    public void The_library_tells_its_file_version_and_extensions()
    {
        NativeLibraryInfo info = NativeLibraryInfo.Read();
        Assert.That(info.Path, Does.Exist);
        Assert.That(info.Version, Does.StartWith("v1.5."));
        Assert.That(info.Extensions, Is.SupersetOf(new[] { "core_functions", "json", "parquet" }));
    }

    [Test]
    public void A_missing_library_is_an_error_that_names_every_place()
    {
        var error = Assert.Throws<CodedException>(() => LibraryLoader.Find(null, [PathOf("one"), PathOf("two")]))!;
        Assert.That(error.Code, Is.EqualTo("MLS6001"));
        Assert.That(error.Message, Does.Contain(Path.Combine(PathOf("one"), "runtimes")).And.Contain(PathOf("two")));
        Assert.That(error.Hint, Does.Contain("npm").And.Contain("MLSQL_DUCKDB_LIBRARY"));
        Assert.That(Assert.Throws<CodedException>(() => LibraryLoader.Find(PathOf("named.so"), [Folder]))!.Message, Does.Contain("named.so"));
    }

    [Test]
    public void A_file_that_is_not_the_library_is_named_so()
    {
        File.WriteAllText(PathOf("libduckdb.so"), "not a library");
        Assert.That(Assert.Throws<CodedException>(() => LibraryLoader.Load(PathOf("libduckdb.so")))!.Code, Is.EqualTo("MLS6002"));
    }
}
