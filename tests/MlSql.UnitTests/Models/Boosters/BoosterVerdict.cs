using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Boosters;
using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.UnitTests.Models.Boosters;

/// <summary>How the reading of a hostile file ends: with a model that every row finds its way through, or with one of the reader's own errors; soon, and in memory of so many times the bytes.</summary>
/// <param name="End">"read", or the error's code.</param>
/// <param name="Message">The error's text.</param>
/// <param name="AllocatedPerByte">Bytes allocated for each byte of the file, a fixed part aside.</param>
internal sealed record BoosterVerdict(string End, string Message, double AllocatedPerByte)
{
    /// <summary>Most bytes that a byte of a file may cost: an empty object of two bytes is a dictionary.</summary>
    public const int LargestPerByte = 150;

    private const long FixedAllocation = 256 << 10;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static BoosterVerdict Of(byte[] bytes, bool lightGbm, string name)
    {
        BoosterModel? model = null;
        CodedException? refused = null;
        Stopwatch time = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            model = lightGbm ? LightGbmReader.Read(bytes, "model", default) : XgBoostReader.Read(bytes, "model", default);
        }
        catch (CodedException error)
        {
            refused = error;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new AssertionException($"{name}: {error}", error);
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(time.Elapsed, Is.LessThan(Longest), name);
        Assert.That(allocated, Is.LessThan((LargestPerByte * (long)bytes.Length) + FixedAllocation), $"{name}: allocated for {bytes.Length} bytes");
        double perByte = Math.Max(0, allocated - FixedAllocation) / (double)Math.Max(1, bytes.Length);
        if (refused is not null)
        {
            Assert.That(refused.Code, Does.Match("^MLS720[1-4]$"), name);
            Assert.That(refused.Message.Any(char.IsControl), Is.False, name);
            Assert.That(refused.Message, Has.Length.LessThan(500), name);
            return new(refused.Code, refused.Message, perByte);
        }
        Walk(model!, name);
        return new("read", "", perByte);
    }

    private static void Walk(BoosterModel model, string name)
    {
        if (model.Structure is not TreeStructure trees)
        {
            Assert.That(((LinearStructure)model.Structure).Weights, Has.Length.EqualTo(model.Features.Length), name);
            return;
        }
        Assert.That(TreeCheck.FirstFault(trees, model.Features.Length), Is.Null, name);
        // A model may have more inputs than trees read; rows of an absurd width are not what is tested.
        if (model.Features.Length > 1_000_000) return;
        double[] row = new double[model.Features.Length], scores = new double[trees.Outputs];
        foreach (double value in new[] { 0, -1, 0.5, 3, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            Array.Fill(row, value);
            TreeWalk.Score(trees, row, scores);
            foreach (Tree tree in trees.Trees) Assert.That(TreeWalk.LeafOf(tree, trees.Precision, row), Is.InRange(0, tree.Leaves.Length - 1), name);
        }
    }
}
