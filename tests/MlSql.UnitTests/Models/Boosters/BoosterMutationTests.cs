using System.Globalization;
using System.Text;
using MlSql.UnitTests.Scoring.Trees;

namespace MlSql.UnitTests.Models.Boosters;

/// <summary>Files of the shared fixtures, cut and spoilt: each is read into a model that holds together, or refused.</summary>
internal sealed class BoosterMutationTests
{
    private const int CasesAFile = 90;
    private const int CutsAFile = 40;
    private const int Seed = 20_260_611;

    private static readonly string[] Extremes = ["0", "-1", "1e999", "-1e999", "nan", "inf", "2147483647", "2147483648", "-2147483649", "99999999999999999999", "0.5", "1e-400", "", "x", "[]", "{}", "null", "\"\""];

    private static readonly Func<Random, byte[], byte[]>[] Mutators = [Flipped, Digits, Number, Removed, Doubled, Announced];

    private static IEnumerable<(string Name, byte[] Bytes, bool LightGbm)> Files =>
        BoosterFixture.All.SelectMany(f => f.Files).Select(file => ($"{Path.GetFileName(Path.GetDirectoryName(file))}/{Path.GetFileName(file)}", File.ReadAllBytes(file), file.EndsWith(".txt", StringComparison.Ordinal)));

    [Test]
    public void A_file_that_is_cut_anywhere_is_refused()
    {
        int cuts = 0;
        foreach ((string name, byte[] bytes, bool lightGbm) in Files)
        {
            Random random = new(Seed);
            // What follows the trees of a LightGBM model is not needed.
            int end = lightGbm ? bytes.AsSpan().IndexOf("end of trees\n"u8) : bytes.Length;
            Assert.That(BoosterVerdict.Of(bytes, lightGbm, name).End, Is.EqualTo("read"), name);
            foreach (int length in Enumerable.Range(0, CutsAFile).Select(_ => random.Next(end)).Concat([0, 1, 2, 10, end - 1]))
            {
                Assert.That(BoosterVerdict.Of(bytes[..length], lightGbm, $"{name} cut to {length}").End, Is.AnyOf("MLS7201", "MLS7202"), $"{name} cut to {length}");
                cuts++;
            }
        }
        Assert.That(cuts, Is.GreaterThan(1_500));
    }

    [Test]
    public void A_spoilt_file_is_read_soundly_or_refused()
    {
        SortedDictionary<string, int> ends = [];
        double most = 0;
        int cases = 0;
        foreach ((string name, byte[] bytes, bool lightGbm) in Files)
            for (int i = 0; i < CasesAFile; i++, cases++)
            {
                Random random = new(unchecked((Seed * 397) ^ (i * (int)2_654_435_761)));
                byte[] spoilt = bytes;
                for (int rounds = random.Next(1, 4); rounds > 0 && spoilt.Length > 0; rounds--) spoilt = Mutators[random.Next(Mutators.Length)](random, spoilt);
                var verdict = BoosterVerdict.Of(spoilt, lightGbm, $"{name}, case {i}");
                ends[verdict.End] = ends.GetValueOrDefault(verdict.End) + 1;
                most = Math.Max(most, verdict.AllocatedPerByte);
            }
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases} cases, at most {most:F1} bytes allocated a byte: {string.Join(", ", ends.Select(end => $"{end.Key} {end.Value}"))}"));
        Assert.That(cases, Is.GreaterThan(3_000));
        Assert.That(ends.Keys, Is.SupersetOf(new[] { "read", "MLS7201", "MLS7202" }));
        Assert.That(ends["read"], Is.GreaterThan(cases / 20), "the cases reach the checks behind the parser");
    }

    private static byte[] Flipped(Random random, byte[] bytes)
    {
        byte[] flipped = [.. bytes];
        for (int i = random.Next(1, 9); i > 0; i--) flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    private static byte[] Digits(Random random, byte[] bytes)
    {
        byte[] changed = [.. bytes];
        for (int i = random.Next(1, 20); i > 0; i--)
        {
            int at = random.Next(changed.Length);
            if (changed[at] is >= (byte)'0' and <= (byte)'9') changed[at] = (byte)('0' + random.Next(10));
        }
        return changed;
    }

    // One whole number of the text, or what looks like one.
    private static byte[] Number(Random random, byte[] bytes)
    {
        int from = random.Next(bytes.Length), to;
        while (from < bytes.Length && !IsNumeric(bytes[from])) from++;
        for (to = from; to < bytes.Length && IsNumeric(bytes[to]); to++) { }
        return [.. bytes[..from], .. Encoding.ASCII.GetBytes(Extremes[random.Next(Extremes.Length)]), .. bytes[to..]];
    }

    private static bool IsNumeric(byte b) => b is >= (byte)'0' and <= (byte)'9' or (byte)'.' or (byte)'-' or (byte)'+' or (byte)'e' or (byte)'E';

    private static byte[] Removed(Random random, byte[] bytes)
    {
        int at = random.Next(bytes.Length);
        return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 64))..]];
    }

    private static byte[] Doubled(Random random, byte[] bytes)
    {
        int at = random.Next(bytes.Length), to = Math.Min(bytes.Length, at + random.Next(1, 64));
        return [.. bytes[..to], .. bytes[at..]];
    }

    // A count or length of the binary form, and four bytes of anything else.
    private static byte[] Announced(Random random, byte[] bytes)
    {
        byte[] changed = [.. bytes];
        int at = random.Next(changed.Length);
        int marker = changed.AsSpan(at).IndexOf("#L"u8);
        byte[] large = random.Next(4) switch { 0 => [0x7F, 0xFF, 0xFF, 0xFF], 1 => [0x80, 0, 0, 0], 2 => [0xFF, 0xFF, 0xFF, 0xFF], _ => [0, 0, 0, 1] };
        if (marker >= 0) at += marker + 2 + (4 * random.Next(2));
        large.AsSpan(0, Math.Min(4, changed.Length - at)).CopyTo(changed.AsSpan(at));
        return changed;
    }
}
