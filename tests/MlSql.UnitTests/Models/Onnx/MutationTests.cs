using System.Diagnostics;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Models.Onnx;

namespace MlSql.UnitTests.Models.Onnx;

/// <summary>Spoilt models: each ends in a description or in one of the reader's own errors, soon and in little memory.</summary>
[TestFixture]
internal sealed class MutationTests
{
    private const string SeedVariable = "MLSQL_ONNX_MUTATION_SEED";
    private const string CasesVariable = "MLSQL_ONNX_MUTATION_CASES";
    private const int LargestSeed = 50_000;
    private const long LargestAllocation = 64L << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly Func<Random, byte[], byte[], byte[]>[] Mutators =
    [
        (random, bytes, _) =>
        {
            byte[] flipped = [.. bytes];
            for (int i = random.Next(1, 9); i > 0; i--) flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            return flipped;
        },
        (random, bytes, other) => [.. bytes[..random.Next(bytes.Length)], .. other[random.Next(other.Length)..]],
        (random, bytes, _) => bytes[..random.Next(bytes.Length)],
        (random, bytes, other) =>
        {
            int at = random.Next(bytes.Length), from = random.Next(other.Length);
            return [.. bytes[..at], .. other[from..Math.Min(other.Length, from + random.Next(1, 64))], .. bytes[at..]];
        },
        (random, bytes, _) =>
        {
            int at = random.Next(bytes.Length);
            return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 64))..]];
        },
        (random, bytes, _) =>
        {
            int at = random.Next(bytes.Length), to = Math.Min(bytes.Length, at + random.Next(1, 64));
            return [.. bytes[..to], .. bytes[at..]];
        },
        (random, bytes, _) =>
        {
            ulong[] extremes = [0, 0x7F, 0x80, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 49, 1UL << 62, long.MaxValue, 1UL << 63, ulong.MaxValue];
            int at = random.Next(bytes.Length);
            return [.. bytes[..at], .. ProtoBytes.Varint(extremes[random.Next(extremes.Length)]), .. bytes[(at + 1)..]];
        },
    ];

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    [Test]
    public void A_spoilt_model_is_read_or_refused_and_nothing_else()
    {
        byte[][] seeds =
        [
            .. Directory.EnumerateFiles(TestData.Shared("fixtures"), "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(File.ReadAllBytes).Where(bytes => bytes.Length is > 0 and < LargestSeed),
        ];
        int seed = Setting(SeedVariable, 20_260_607), cases = Setting(CasesVariable, 20_000);
        TestContext.Out.WriteLine($"{SeedVariable}={seed}, {seeds.Length} models");
        Stopwatch time = Stopwatch.StartNew();
        SortedDictionary<string, int> ends = [];
        for (int i = 0; i < cases; i++)
        {
            Random random = new(HashCode(seed, i));
            byte[] bytes = seeds[random.Next(seeds.Length)];
            bool keepsLengths = random.Next(2) == 0;
            for (int rounds = random.Next(1, 4); rounds > 0 && bytes.Length > 0; rounds--)
                bytes = keepsLengths ? FieldMutator.Mutate(random, bytes) : Mutators[random.Next(Mutators.Length)](random, bytes, seeds[random.Next(seeds.Length)]);
            string end = EndOf(bytes, $"seed {seed}, case {i}");
            ends[end] = ends.GetValueOrDefault(end) + 1;
        }
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases} cases in {time.Elapsed.TotalSeconds:F1} s ({cases / time.Elapsed.TotalSeconds:F0} a second): {string.Join(", ", ends.Select(end => $"{end.Key} {end.Value}"))}"));
        Assert.That(ends, Does.ContainKey("read"));
        Assert.That(ends.Count, Is.GreaterThan(20), "the cases reach the checks behind the parser");
    }

    // The same on every machine, unlike System.HashCode.
    private static int HashCode(int seed, int i) => unchecked((seed * 397) ^ (i * (int)2_654_435_761));

    private static string EndOf(byte[] bytes, string name)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch time = Stopwatch.StartNew();
        string end;
        try
        {
            OnnxModel model = OnnxReader.Read(bytes, new(), CancellationToken.None);
            Assert.That(model.Outputs, Is.Not.Empty, name);
            end = "read";
        }
        catch (CodedException error)
        {
            Assert.That(error.Code, Does.StartWith("MLS70"), name);
            Assert.That(error.Message.Any(char.IsControl), Is.False, name);
            end = error.Code;
        }
        catch (Exception error) when (error is not AssertionException)
        {
            throw new AssertionException($"{name}: {error}", error);
        }
        Assert.That(time.Elapsed, Is.LessThan(Longest), name);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(LargestAllocation), name);
        return end;
    }
}
