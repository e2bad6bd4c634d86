using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Boosters;
using MlSql.Models.Featurizers;
using MlSql.Models.Trees;
using MlSql.Scoring.Trees;
using MlSql.UnitTests.Scoring.Trees;

namespace MlSql.UnitTests.Models.Boosters;

/// <summary>The models of the shared fixtures in the stored form: whole, cut and spoilt.</summary>
internal sealed class BoosterFormatTests
{
    private const int Seed = 20_260_612;

    private static IEnumerable<(string Name, Model Model)> Models => BoosterFixture.All.SelectMany(f => f.Files).Select(file => (file, Stored(BoosterFixture.Read(file))));

    [Test]
    public void Every_model_comes_back_with_every_bit()
    {
        int trees = 0;
        foreach ((string name, Model model) in Models)
        {
            byte[] bytes = ModelFormat.Write(model);
            Model read = ModelFormat.Read(bytes);
            Assert.That(read, Is.EqualTo(model), name);
            Assert.That(ModelFormat.Write(read), Is.EqualTo(bytes), name);
            if (model.Structure is TreeStructure) trees++;
        }
        Assert.That(trees, Is.GreaterThanOrEqualTo(38));
    }

    [Test]
    public void Both_forms_of_an_xgboost_model_are_the_same_bytes()
    {
        int pairs = 0;
        foreach (var fixture in BoosterFixture.All.Where(f => f.Files.Length == 2))
        {
            string[] hashes = [.. fixture.Files.Select(file => ModelFormat.ContentHash(ModelFormat.Write(Stored(BoosterFixture.Read(file)))))];
            Assert.That(hashes[0], Is.EqualTo(hashes[1]), fixture.ToString());
            pairs++;
        }
        Assert.That(pairs, Is.GreaterThanOrEqualTo(12));
    }

    [Test]
    public void Cut_bytes_are_refused()
    {
        Random random = new(Seed);
        foreach ((string name, Model model) in Models)
        {
            byte[] bytes = ModelFormat.Write(model);
            for (int i = 0; i < 20; i++)
            {
                int length = random.Next(bytes.Length);
                Assert.That(() => ModelFormat.Read(bytes.AsSpan(0, length)), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS5014"), $"{name} cut to {length}");
            }
        }
    }

    [Test]
    public void Spoilt_bytes_are_refused_or_a_sound_model_of_just_these_bytes()
    {
        Random random = new(Seed);
        int read = 0, refused = 0;
        foreach ((string name, Model model) in Models)
        {
            byte[] bytes = ModelFormat.Write(model);
            for (int i = 0; i < 50; i++)
            {
                byte[] spoilt = [.. bytes];
                // A whole word becomes a huge number, or a few bytes anything.
                if (i % 2 == 0) spoilt.AsSpan(random.Next(spoilt.Length - 4), 4).Fill((byte)(random.Next(2) == 0 ? 0x7F : 0xFF));
                else for (int flips = random.Next(1, 4); flips > 0; flips--) spoilt[random.Next(spoilt.Length)] = (byte)random.Next(256);
                if (IsRead(spoilt, $"{name}, case {i}")) read++;
                else refused++;
            }
        }
        TestContext.Out.WriteLine($"{read} read, {refused} refused");
        Assert.That(read, Is.GreaterThan(500));
        Assert.That(refused, Is.GreaterThan(200));
    }

    private static bool IsRead(byte[] bytes, string name)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Model? model = null;
        try
        {
            model = ModelFormat.Read(bytes);
        }
        catch (CodedException error)
        {
            Assert.That(error.Code, Is.AnyOf("MLS5014", "MLS5015"), name);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan((8L * bytes.Length) + (64 << 10)), name);
        if (model is null) return false;
        Assert.That(ModelFormat.Write(model), Is.EqualTo(bytes), name);
        if (model.Structure is not TreeStructure trees) return true;
        double[] row = new double[model.Signature.Features.Length], scores = new double[trees.Outputs];
        foreach (double value in new[] { 0, 3, -1e300, double.NaN, double.PositiveInfinity })
        {
            Array.Fill(row, value);
            TreeWalk.Score(trees, row, scores);
        }
        return true;
    }

    private static Model Stored(BoosterModel model) => new(
        new([.. model.Features.Select(name => new Feature(name, new NumberFeature()))], "prediction", ModelTask.Regression, null),
        [.. Enumerable.Range(0, model.Features.Length).Select(i => (Featurizer)(model.Structure is TreeStructure ? new RawFeaturizer(i, [], 1) : new NumericFeaturizer(i, [], 0, 1)))],
        model.Structure);
}
