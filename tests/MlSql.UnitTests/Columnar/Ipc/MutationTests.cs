using System.Diagnostics;
using System.Globalization;
using MlSql.Columnar.Ipc;
using MlSql.UnitTests.Columnar.Memory;

namespace MlSql.UnitTests.Columnar.Ipc;

/// <summary>Spoilt streams: each ends in batches or in one of the reader's own errors, soon, in little memory and without a look outside of its bytes.</summary>
internal sealed class MutationTests
{
    private const string SeedVariable = "MLSQL_ARROW_MUTATION_SEED";
    private const string CasesVariable = "MLSQL_ARROW_MUTATION_CASES";
    private const int LargestSeed = 8_000;
    private const long LargestAllocation = 32L << 20;
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(5);
    private static readonly ArrowLimits _limits = new() { RowsWithoutBytes = 1 << 20 };

    [Test]
    public void A_spoilt_stream_is_read_or_refused_and_nothing_else()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("The guarded memory is Linux's.");
        // Rich ones more often: most are small streams of few types.
        byte[][] seeds = [.. Recordings.All().Where(r => r.Stream.Length < LargestSeed).SelectMany(r => Enumerable.Repeat(r.Stream, r.Stream.Length > 1500 ? 4 : 1)), .. Enumerable.Range(0, 60).Select(Made)];
        int seed = Setting(SeedVariable, Random.Shared.Next()), cases = Setting(CasesVariable, 20_000);
        TestContext.Out.WriteLine($"{SeedVariable}={seed}, {seeds.Length} streams");
        Stopwatch time = Stopwatch.StartNew();
        SortedDictionary<string, int> ends = [];
        using GuardedMemory guarded = new(2 * LargestSeed + 1024);
        IDisposable release = guarded;
        for (int i = 0; i < cases; i++)
        {
            Random random = new(unchecked((seed * 397) ^ (i * (int)2_654_435_761)));
            byte[] bytes = StreamMutator.Mutate(random, seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)]);
            if (bytes.Length > 2 * LargestSeed) bytes = bytes[..(2 * LargestSeed)];
            string end = EndOf(() => new ArrowStreamReader(new MemoryStream(bytes), _limits), $"seed {seed}, case {i}");
            string inPlace = EndOf(() => new ArrowStreamReader(guarded.Place(bytes), _limits), $"seed {seed}, case {i}, in place");
            if (end != inPlace) Assert.That((end, inPlace), Is.EqualTo(("MLS6102", "read")), $"seed {seed}, case {i}: only the end marker may be left out in memory");
            ends[end] = ends.GetValueOrDefault(end) + 1;
        }
        release.Dispose();
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases} cases in {time.Elapsed.TotalSeconds:F1} s: {string.Join(", ", ends.Select(end => $"{end.Key} {end.Value}"))}"));
        Assert.That(ends.Keys, Is.SupersetOf(new[] { "read", "MLS6101", "MLS6102", "MLS6103", "MLS6104", "MLS6105", "MLS6106" }), "the cases reach all checks");
    }

    private static byte[] Made(int i)
    {
        RandomBatches random = new(new Random(i));
        var first = random.Batch(1 + i % 5, 3 + i, 2);
        byte[] bytes = Streams.Write(ArrowSchema.Of(first.Schema), first, random.Rows(first.Schema, 5));
        return bytes.Length < LargestSeed ? bytes : Made(i + 1);
    }

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    private static string EndOf(Func<ArrowStreamReader> open, string name)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch time = Stopwatch.StartNew();
        string end;
        try
        {
            using ArrowStreamReader reader = open();
            while (reader.Next(CancellationToken.None) is { } batch) Assert.That(batch.ToRecordBatch().Rows, Is.EqualTo(batch.Rows));
            end = "read";
        }
        catch (ArrowException error)
        {
            Assert.That(error.Message.Any(char.IsControl), Is.False, name);
            Assert.That(error.Message, Has.Length.LessThan(300), name);
            end = error.Code;
        }
        catch (Exception error) when (error is not AssertionException)
        {
            throw new AssertionException($"{name}: {error}", error);
        }
        Assert.That(time.Elapsed, Is.LessThan(_longest), name);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(LargestAllocation), name);
        return end;
    }
}
