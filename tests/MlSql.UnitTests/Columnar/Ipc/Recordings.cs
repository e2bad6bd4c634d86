using System.Text.Json;

namespace MlSql.UnitTests.Columnar.Ipc;

/// <summary>One Arrow stream that real Spark sent or took. <paramref name="Batches"/> counts what the annotation lists; null where there is none.</summary>
internal sealed record Recording(string Name, byte[] Stream, int? Batches, long? Rows)
{
    public override string ToString() => Name;
}

/// <summary>The Arrow streams within the recorded exchanges with executors and with Spark Connect.</summary>
internal static class Recordings
{
    /// <summary>All of them; skips the test with the reason when they are not there.</summary>
    public static IReadOnlyList<Recording> All() => [.. OfWorkers(), .. OfConnect()];

    /// <summary>Those between executors and workers: from the schema on, cut behind the end marker.</summary>
    public static IEnumerable<Recording> OfWorkers(string name = "*")
    {
        string folder = TestData.Shared("spark-protocol", "worker");
        foreach (string path in Directory.EnumerateFiles(folder, name + ".json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            string relative = Path.GetRelativePath(folder, path)[..^5];
            foreach (var (side, suffix) in new[] { ("jvm_to_worker", "in"), ("worker_to_jvm", "out") })
            {
                if (!json.RootElement.TryGetProperty(side, out var pieces) || pieces.ValueKind != JsonValueKind.Array) continue;
                byte[] bytes = File.ReadAllBytes(Path.Combine(folder, $"{relative}.{suffix}.bin"));
                int start = -1, batches = 0, streams = 0;
                foreach (var piece in pieces.EnumerateArray())
                {
                    string what = piece.GetProperty("what").GetString()!;
                    int offset = piece.GetProperty("offset").GetInt32();
                    if (!what.StartsWith("arrow ", StringComparison.Ordinal)) continue;
                    if (what.Contains("message: schema", StringComparison.Ordinal)) (start, batches) = (offset, 0);
                    else if (what.Contains("message: recordBatch", StringComparison.Ordinal)) batches++;
                    else if (what.Contains("end-of-stream", StringComparison.Ordinal))
                        yield return new($"{relative}.{suffix} {++streams}", bytes[start..(offset + piece.GetProperty("length").GetInt32())], batches, null);
                }
            }
        }
    }

    /// <summary>Those within the messages of Spark Connect: results and local relations.</summary>
    public static IEnumerable<Recording> OfConnect()
    {
        string folder = TestData.Shared("spark-protocol", "connect");
        foreach (string path in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            List<Recording> found = [];
            List<byte> chunks = [];
            Find(json.RootElement, Path.GetFileNameWithoutExtension(path), chunks, found);
            foreach (var recording in found) yield return recording;
        }
    }

    private static void Find(JsonElement element, string name, List<byte> chunks, List<Recording> found)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) Find(item, name, chunks, found);
        }
        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("data", out var data) && data.TryGetBytesFromBase64(out byte[]? bytes))
            {
                if (property.Name == "local_relation") found.Add(new($"{name} local relation", bytes, null, null));
                if (property.Name != "arrow_batch") continue;
                chunks.AddRange(bytes);
                int last = property.Value.TryGetProperty("num_chunks_in_batch", out var count) ? int.Parse(count.ToString(), System.Globalization.CultureInfo.InvariantCulture) - 1 : 0;
                int index = property.Value.TryGetProperty("chunk_index", out var chunk) ? int.Parse(chunk.ToString(), System.Globalization.CultureInfo.InvariantCulture) : 0;
                if (index < last) continue;
                found.Add(new($"{name} result {found.Count + 1}", [.. chunks], null, long.Parse(property.Value.GetProperty("row_count").ToString(), System.Globalization.CultureInfo.InvariantCulture)));
                chunks.Clear();
            }
            else
            {
                Find(property.Value, name, chunks, found);
            }
        }
    }
}
