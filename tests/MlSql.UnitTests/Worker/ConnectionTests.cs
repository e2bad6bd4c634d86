using System.Buffers.Binary;
using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Scoring;
using MlSql.Scoring.Commands;
using MlSql.Worker.Launch;
using MlSql.Worker.Serving;

namespace MlSql.UnitTests.Worker;

/// <summary>What goes wrong on a connection ends as the engine expects, and nowhere else.</summary>
public class ConnectionTests
{
    private static readonly byte[] s_echo = new EchoCommand().Write();

    [Test]
    public void A_wrong_secret_is_refused()
    {
        using EngineSide engine = new();
        engine.Open("t");
        Assert.That(engine.ReadBytes(7), Is.EqualTo("\0\0\0\u0003err"u8.ToArray()));
        Assert.That(engine.Ends(TimeSpan.FromSeconds(5)));
    }

    [TestCase(-1)]
    [TestCase(int.MaxValue)]
    public void A_secret_of_impossible_length_is_refused(int length)
    {
        using EngineSide engine = new();
        engine.ReadInt32();
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        engine.Stream.Write(bytes);
        Assert.That(engine.ReadBytes(7), Is.EqualTo("\0\0\0\u0003err"u8.ToArray()));
    }

    [Test]
    public void An_error_names_code_model_version_and_column()
    {
        using TemporaryModel model = new();
        using Recording recording = new("scalar_arrow_two_udfs");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(model.Folder, s_echo, model.Predict(ScoreOutput.Score, new FloatType(64), "a", "b").Write()));
        Assert.That(answer.Error, Is.EqualTo($"MLS4309: The function has 2 parameters but 1 arguments were given (model m version 3, before the first batch of partition 0, executor at {Environment.MachineName})\nhint: pass one argument a feature, in the order of the model's signature"));
        Assert.That(answer.Batches, Is.Empty);
    }

    [Test]
    public void An_error_in_a_later_batch_stands_behind_the_stream()
    {
        using Recording recording = new("scalar_arrow_iter_3_batches");
        byte[] task = recording.With(null, s_echo);
        var second = recording.Pieces.Where(p => p.What == "arrow input message: recordBatch").ElementAt(1);
        // The body's length of the second batch's only values buffer no longer fits its rows.
        int moved = task.Length - recording.Input.Length;
        int rows = task.AsSpan(second.Offset + moved, second.Length).IndexOf((byte[])[4, 0, 0, 0, 0, 0, 0, 0]);
        task[second.Offset + moved + rows] = 200;
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(task);
        Assert.That(answer.Batches.Select(b => b.Rows), Is.EqualTo(new[] { 4 }));
        Assert.That(answer.Error, Does.StartWith("MLS61").And.Contain("batch 1 of partition"));
    }

    [Test]
    public void A_missing_model_is_named()
    {
        using TemporaryModel model = new();
        File.Delete(model.FilePath);
        using Recording recording = new("scalar_arrow_kwargs");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(model.Folder, model.Predict(ScoreOutput.Score, new FloatType(64), "a", "b").Write()));
        Assert.That(answer.Error, Does.StartWith("MLS4307: ").And.Contain(model.ContentHash).And.Contain(model.Folder));
    }

    [Test]
    public void A_model_with_other_bytes_is_refused()
    {
        using TemporaryModel model = new();
        model.Bytes[^1] ^= 1;
        File.WriteAllBytes(model.FilePath, model.Bytes);
        using Recording recording = new("scalar_arrow_kwargs");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(model.Folder, model.Predict(ScoreOutput.Score, new FloatType(64), "a", "b").Write()));
        Assert.That(answer.Error, Does.StartWith("MLS4308: ").And.Contain("its SHA-256 is"));
    }

    [Test]
    public void A_promise_that_the_model_does_not_keep_is_refused()
    {
        using TemporaryModel model = new();
        using Recording recording = new("scalar_arrow_kwargs");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(model.Folder, model.Predict(ScoreOutput.Value, new IntegerType(64, true), "a", "b").Write()));
        Assert.That(answer.Error, Does.StartWith("MLS4312: The engine was promised BIGINT but the model gives DOUBLE"));
    }

    [Test]
    public void Texts_are_no_numbers()
    {
        using TemporaryModel model = new();
        using Recording recording = new("map_in_arrow");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(model.Folder, model.Predict(ScoreOutput.Score, new FloatType(64), "s", "x").Write()));
        Assert.That(answer.Error, Does.StartWith("MLS4311: Feature s cannot be read from a VARCHAR (model m version 3"));
    }

    [Test]
    public void A_command_of_a_later_version_is_refused()
    {
        using Recording recording = new("scalar_arrow");
        using EngineSide engine = new EngineSide().Opened();
        byte[] later = [.. s_echo];
        later[4]++;
        Assert.That(engine.Run(recording.With(null, later)).Error, Does.StartWith("MLS4201: "));
    }

    [Test]
    public void Commands_of_two_kinds_in_a_task_are_refused()
    {
        using Recording recording = new("scalar_arrow_two_udfs");
        using EngineSide engine = new EngineSide().Opened();
        Assert.That(engine.Run(recording.With(null, s_echo, [0x80, 5])).Error, Does.StartWith("MLS4305: Spark put 1 functions of MlSql and 1 of Python into one task"));
    }

    [TestCase("grouped_map_arrow", 209)]
    [TestCase("window_agg_arrow_unbounded", 253)]
    [TestCase("arrow_batched_udf", 101)]
    public void Calls_that_are_not_known_are_refused(string name, int type)
    {
        using Recording recording = new(name);
        using EngineSide engine = new EngineSide().Opened();
        Assert.That(engine.Run(recording.With(null, s_echo)).Error, Does.StartWith("MLS4306: ").And.Contain($"type {type}"));
    }

    [TestCase("scalar_arrow_input_lz4")]
    [TestCase("scalar_arrow_input_zstd")]
    public void Compressed_input_is_refused_with_the_setting_to_change(string name)
    {
        using Recording recording = new(name);
        using EngineSide engine = new EngineSide().Opened();
        Assert.That(engine.Run(recording.With(null, s_echo)).Error, Does.StartWith("MLS6104: ").And.EndsWith("\nhint: set spark.sql.execution.arrow.compression.codec to none"));
    }

    [Test]
    public void An_older_engine_is_told_so()
    {
        byte[] task = File.ReadAllBytes(TestData.Shared("spark-protocol", "worker", "4.1", "scalar_arrow.in.bin"));
        using EngineSide engine = new EngineSide().Opened();
        Assert.That(engine.Run(task).Error, Does.StartWith("MLS4302: "));
    }

    [TestCase(-1)]
    [TestCase(int.MinValue)]
    [TestCase(int.MaxValue)]
    public void A_description_of_impossible_length_is_refused(int length)
    {
        using EngineSide engine = new EngineSide().Opened();
        byte[] head = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(head, -8);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), length);
        Assert.That(engine.Run(head).Error, Does.StartWith("MLS4304: "));
    }

    [Test]
    public void A_large_announcement_takes_no_memory_before_the_bytes_come()
    {
        using EngineSide engine = new EngineSide().Opened();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        byte[] head = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(head, -8);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), 200 << 20);
        engine.Stream.Write(head);
        engine.Finish();
        Assert.That(engine.Ends(TimeSpan.FromSeconds(5)));
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(64 << 20));
    }

    [Test]
    public void Every_cut_of_a_task_ends_the_connection()
    {
        using Recording recording = new("scalar_arrow_two_udfs");
        byte[] task = recording.With(null, s_echo, s_echo);
        WorkerProcess process = new(new WorkerSettings { Secret = "s"u8.ToArray(), Reuse = true });
        for (int length = 0; length < task.Length; length += 97)
        {
            using EngineSide engine = new EngineSide(process).Opened();
            engine.Stream.Write(task.AsSpan(0, length));
            engine.Finish();
            Assert.That(engine.Ends(TimeSpan.FromSeconds(10)), $"{length} bytes");
        }
    }

    [Test]
    public void A_task_ends_when_the_engine_hangs_up()
    {
        using Recording recording = new("barrier_map_in_arrow_allgather_task0");
        using System.Net.Sockets.TcpListener meeting = new(System.Net.IPAddress.Loopback, 0);
        meeting.Start();
        int recorded = recording.Values("task context JSON")[0].GetString() is { } json ? System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("connInfo").GetInt32() : 0;
        byte[] task = recording.With(null, new ProbeCommand(Meet: true).Write());
        // A place where nobody answers, of a port with as many digits.
        string from = $"\"connInfo\":{recorded}", to = $"\"connInfo\":{((System.Net.IPEndPoint)meeting.LocalEndpoint).Port}";
        if (from.Length != to.Length) Assert.Ignore($"The recorded port {recorded} has another number of digits than the one that was given.");
        int at = task.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(from));
        System.Text.Encoding.ASCII.GetBytes(to).CopyTo(task, at);
        using EngineSide engine = new EngineSide().Opened();
        engine.Stream.Write(task);
        using var waiting = meeting.AcceptSocket();
        Assert.That(engine.Ends(TimeSpan.FromMilliseconds(500)), Is.False, "the task waits for others");
        var watch = Stopwatch.StartNew();
        engine.Dispose();
        Assert.That(engine.Ends(TimeSpan.FromSeconds(10)));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Changed_bytes_never_crash_or_hang()
    {
        int seed = Random.Shared.Next();
        TestContext.Out.WriteLine($"Seed {seed}");
        Random random = new(seed);
        using TemporaryModel model = new();
        string[] names = ["scalar_arrow_two_udfs", "scalar_arrow_kwargs", "map_in_arrow_3_batches", "all_types"];
        byte[][] tasks = [.. names.Select(Make)];
        WorkerProcess process = new(new WorkerSettings { Secret = "s"u8.ToArray(), Reuse = true, Python = Path.Combine(model.Folder, "no-python") });
        for (int i = 0; i < 1_500; i++)
        {
            byte[] task = [.. tasks[random.Next(tasks.Length)]];
            // Mostly behind the context, which is the larger part and only text.
            for (int flips = random.Next(1, 4); flips > 0; flips--) task[random.Next(4) == 0 ? random.Next(4, task.Length) : random.Next(4_000, task.Length)] = (byte)random.Next(256);
            using EngineSide engine = new EngineSide(process).Opened();
            engine.Stream.Write(task.AsSpan(0, random.Next(8) == 0 ? random.Next(task.Length) : task.Length));
            engine.Finish();
            Assert.That(engine.Ends(TimeSpan.FromSeconds(20)), $"seed {seed}, round {i}");
        }

        byte[] Make(string name)
        {
            using Recording recording = new(name);
            return recording.With(model.Folder, name switch
            {
                "scalar_arrow_two_udfs" => [s_echo, new ProbeCommand("x").Write()],
                "scalar_arrow_kwargs" => [model.Predict(ScoreOutput.Score, new FloatType(64), "a", "b").Write()],
                _ => [s_echo],
            });
        }
    }
}
