using MlSql.Columnar;
using MlSql.Worker.Relay;

namespace MlSql.UnitTests.Worker;

/// <summary>The end of a recorded answer is found, however the bytes are cut.</summary>
public class AnswerWalkTests
{
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(64)]
    [TestCase(1_000_000)]
    public void Every_recorded_answer_ends_where_it_ends(int step)
    {
        foreach (string name in Recording.Names)
        {
            using Recording recording = new(name);
            byte[] bytes = [.. recording.Output, 1, 2, 3, 4];
            AnswerWalk walk = new(6);
            int at = 0;
            while (walk.End == AnswerEnd.None && at < bytes.Length) at += walk.Follow(bytes.AsSpan(at, Math.Min(step, bytes.Length - at)));
            Assert.That(at, Is.EqualTo(recording.Output.Length), name);
            Assert.That(walk.End, Is.EqualTo(name == "exception_map_in_arrow" ? AnswerEnd.Final : AnswerEnd.Reusable), name);
        }
    }

    [Test]
    public void Older_answers_have_one_time_less()
    {
        byte[] output = File.ReadAllBytes(TestData.Shared("spark-protocol", "worker", "4.1", "scalar_arrow.out.bin"));
        AnswerWalk walk = new(5);
        Assert.That(walk.Follow(output), Is.EqualTo(output.Length));
        Assert.That(walk.End, Is.EqualTo(AnswerEnd.Reusable));
    }

    [Test]
    public void Changed_bytes_end_in_our_error_or_in_no_end()
    {
        int seed = Random.Shared.Next();
        TestContext.Out.WriteLine($"Seed {seed}");
        Random random = new(seed);
        byte[][] outputs = [.. Recording.Names.Select(n => new Recording(n).Output)];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. outputs[random.Next(outputs.Length)]];
            for (int flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            AnswerWalk walk = new(6);
            try
            {
                Assert.That(walk.Follow(bytes), Is.InRange(0, bytes.Length));
            }
            catch (CodedException e)
            {
                Assert.That(e.Code, Is.EqualTo("MLS4317"), $"seed {seed}, round {i}");
            }
        }
    }
}
