using MlSql.Columnar;
using MlSql.Scoring;
using MlSql.Scoring.Commands;

namespace MlSql.UnitTests.Scoring.Commands;

/// <summary>A command arrives as it was given, and nothing else is taken for one.</summary>
public class WorkerCommandTests
{
    private static readonly string s_hash = new('a', 64);

    private static readonly DataType[] s_types =
    [
        new NullType(), new BooleanType(), new IntegerType(8, true), new IntegerType(64, false), new FloatType(32), new DecimalType(20, 0), new StringType(), new BinaryType(), new DateType(),
        new TimestampType(TimeUnit.Microsecond, true), new TimestampType(TimeUnit.Microsecond, false), new ListType(new ListType(new FloatType(64))), new MapType(new StringType(), new FloatType(32)),
        new StructType([new("label", new StringType()), new("probs", new ListType(new StructType([new("label", new StringType()), new("prob", new FloatType(64))])))]),
    ];

    [TestCaseSource(nameof(s_types))]
    public void Every_type_arrives(DataType type)
    {
        PredictCommand command = new("chürn", 7, s_hash, 1L << 40, ScoreOutput.Row, type, ["age", "plan", ""])
        {
            Threshold = 0.25,
            ClassIndex = 2,
            BatchTimeout = TimeSpan.FromMilliseconds(1_234),
            ArenaBytes = 1L << 33,
            TopFeatures = 5,
            Packed = [0, 2],
        };
        var read = (PredictCommand)WorkerCommand.Read(command.Write())!;
        Assert.That(read, Is.EqualTo(command));
        Assert.That((read.Model, read.Version, read.ContentHash, read.FileLength, read.Output, read.OutputType), Is.EqualTo((command.Model, command.Version, command.ContentHash, command.FileLength, command.Output, command.OutputType)));
        Assert.That((read.Threshold, read.ClassIndex, read.BatchTimeout, read.ArenaBytes, read.FileName), Is.EqualTo((0.25, (int?)2, command.BatchTimeout, command.ArenaBytes, s_hash + ".mlsqlm")));
        Assert.That((read.Arguments, read.TopFeatures, read.Packed), Is.EqualTo((command.Arguments, 5, command.Packed)));
    }

    [Test]
    public void No_time_limit_is_one_too()
    {
        PredictCommand command = new("m", 1, s_hash, 1, ScoreOutput.Value, new FloatType(64), []) { BatchTimeout = Timeout.InfiniteTimeSpan };
        Assert.That(((PredictCommand)WorkerCommand.Read(command.Write())!).BatchTimeout, Is.EqualTo(Timeout.InfiniteTimeSpan));
    }

    [Test]
    public void The_other_commands_arrive()
    {
        foreach (WorkerCommand command in (WorkerCommand[])[new EchoCommand(), new ProbeCommand(), new ProbeCommand(s_hash), new ProbeCommand(null, Meet: true)])
            Assert.That(WorkerCommand.Read(command.Write()), Is.EqualTo(command));
    }

    [Test]
    public void The_bytes_are_the_agreed_ones()
    {
        Assert.That(new EchoCommand().Write(), Is.EqualTo("MLSQ\u0004\u0002"u8.ToArray()));
        Assert.That(new ProbeCommand("ab", true).Write(), Is.EqualTo("MLSQ\u0004\u0003\u0002\0\0\0ab\u0001"u8.ToArray()));
    }

    [TestCase("80054D4C5351")]
    [TestCase("4D4C53")]
    [TestCase("")]
    public void The_bytes_of_others_are_not_ours(string hex) => Assert.That(WorkerCommand.Read(Convert.FromHexString(hex)), Is.Null);

    [TestCase("4D4C535105", "MLS4201")]
    [TestCase("4D4C535100", "MLS4202")]
    [TestCase("4D4C5351", "MLS4202")]
    [TestCase("4D4C535104", "MLS4202")]
    [TestCase("4D4C53510463", "MLS4202")]
    [TestCase("4D4C5351040200", "MLS4202")]
    [TestCase("4D4C53510401FFFFFF7F", "MLS4202")]
    public void What_is_not_whole_is_refused(string hex, string code) =>
        Assert.That(() => WorkerCommand.Read(Convert.FromHexString(hex)), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo(code));

    [TestCase(0, 0)]
    [TestCase(1, 0)]
    [TestCase(0, 2)]
    public void Places_that_do_not_ascend_or_are_none_are_refused(int first, int second)
    {
        PredictCommand command = new("m", 1, s_hash, 1, ScoreOutput.Value, new FloatType(64), ["a", "b"]) { Packed = [first, second] };
        Assert.That(() => WorkerCommand.Read(command.Write()), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS4202"));
    }

    [Test]
    public void Changed_bytes_are_a_command_or_refused()
    {
        int seed = Random.Shared.Next();
        TestContext.Out.WriteLine($"Seed {seed}");
        Random random = new(seed);
        byte[][] commands = [.. s_types.Select(t => new PredictCommand("m", 1, s_hash, 1, ScoreOutput.Value, t, ["a", "b"]).Write())];
        int read = 0, refused = 0;
        for (int i = 0; i < 50_000; i++)
        {
            byte[] bytes = [.. commands[random.Next(commands.Length)]];
            for (int flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(5, bytes.Length)] = (byte)random.Next(256);
            try
            {
                var command = WorkerCommand.Read(bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length));
                read++;
                if (command is not null) Assert.That(WorkerCommand.Read(command.Write()), Is.EqualTo(command), $"seed {seed}, round {i}");
            }
            catch (CodedException e)
            {
                refused++;
                Assert.That(e.Code, Is.EqualTo("MLS4202").Or.EqualTo("MLS4201"), $"seed {seed}, round {i}");
            }
        }
        Assert.That((read > 0, refused > 0), Is.EqualTo((true, true)));
    }
}
