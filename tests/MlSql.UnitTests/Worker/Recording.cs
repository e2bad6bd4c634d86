using System.Buffers.Binary;
using System.Text.Json;

namespace MlSql.UnitTests.Worker;

/// <summary>What a real engine and a stand-in for its worker said to each other about one task.</summary>
internal sealed class Recording : IDisposable
{
    private readonly JsonDocument _notes;

    public Recording(string name)
    {
        Name = name;
        Input = File.ReadAllBytes(TestData.Shared("spark-protocol", "worker", name + ".in.bin"));
        Output = File.ReadAllBytes(TestData.Shared("spark-protocol", "worker", name + ".out.bin"));
        _notes = JsonDocument.Parse(File.ReadAllBytes(TestData.Shared("spark-protocol", "worker", name + ".json")));
    }

    public string Name { get; }

    /// <summary>All that the engine sent.</summary>
    public byte[] Input { get; }

    /// <summary>All that the stand-in answered.</summary>
    public byte[] Output { get; }

    /// <summary>The pieces of the input in order.</summary>
    public IEnumerable<(int Offset, int Length, string What, JsonElement Value)> Pieces =>
        _notes.RootElement.GetProperty("jvm_to_worker").EnumerateArray().Select(p => (p.GetProperty("offset").GetInt32(), p.GetProperty("length").GetInt32(), p.GetProperty("what").GetString()!, p.GetProperty("value")));

    public int EvalType => _notes.RootElement.GetProperty("evalType").GetInt32();

    /// <summary>The names of all recordings of Spark 4.3; skips the test where they are not there.</summary>
    public static string[] Names =>
        [.. Directory.GetFiles(TestData.Shared("spark-protocol", "worker"), "*.in.bin").Select(f => Path.GetFileName(f)[..^".in.bin".Length]).Order(StringComparer.Ordinal)];

    /// <summary>Where the data begins: behind the description.</summary>
    public int DescriptionLength => 8 + BinaryPrimitives.ReadInt32BigEndian(Input.AsSpan(4));

    /// <summary>The values of all pieces of this description.</summary>
    public JsonElement[] Values(string what) => [.. Pieces.Where(p => p.What.StartsWith(what, StringComparison.Ordinal)).Select(p => p.Value)];

    /// <summary>The input with other commands in the places of the recorded ones, and another folder for files.</summary>
    public byte[] With(string? files, params byte[][] commands)
    {
        using MemoryStream changed = new();
        int next = 0;
        foreach (var (offset, length, what, _) in Pieces)
        {
            if (what.StartsWith("command", StringComparison.Ordinal)) Block(changed, commands[next++]);
            else if (what.StartsWith("spark files directory", StringComparison.Ordinal) && files is not null) Block(changed, System.Text.Encoding.UTF8.GetBytes(files));
            else changed.Write(Input, offset, length);
        }
        Assert.That(next, Is.EqualTo(commands.Length), "commands of the recording");
        byte[] bytes = changed.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), DescriptionLength - 8 + bytes.Length - Input.Length);
        return bytes;
    }

    public void Dispose() => _notes.Dispose();

    private static void Block(MemoryStream into, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        into.Write(length);
        into.Write(bytes);
    }
}
