using System.Net.Sockets;
using MlSql.Columnar;
using MlSql.Worker.Relay;

namespace MlSql.UnitTests.Worker;

/// <summary>Tasks that are not ours reach Python byte for byte, and its answers the engine.</summary>
public class TaskRelayTests
{
    [TestCase("scalar_arrow")]
    [TestCase("scalar_arrow_output_lz4")]
    [TestCase("map_in_arrow_3_batches")]
    public void A_task_and_its_answer_pass_unchanged(string name)
    {
        using Recording recording = new(name);
        Ends ends = new();
        int described = recording.DescriptionLength;
        var run = Task.Run(() => new TaskRelay(ends.EngineWorker, ends.PythonWorker, 6).Run(recording.Input.AsMemory(0, described), CancellationToken.None));
        ends.Engine.Send(recording.Input.AsSpan(described));
        Assert.That(Receive(ends.Python, recording.Input.Length), Is.EqualTo(recording.Input));
        ends.Python.Send(recording.Output);
        Assert.That(Receive(ends.Engine, recording.Output.Length), Is.EqualTo(recording.Output));
        Assert.That(run.Wait(5_000) ? run.Result : AnswerEnd.None, Is.EqualTo(AnswerEnd.Reusable));
        // The next task is not touched.
        ends.Engine.Send([1, 2, 3]);
        Assert.That(Receive(ends.EngineWorker, 3), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void Large_answers_and_inputs_cross_each_other()
    {
        byte[] block = new byte[30_000_000];
        new Random(1).NextBytes(block);
        byte[] answer = [1, 0xC9, 0xC3, 0x80, .. block, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFC];
        // The last number comes when all of the input was read.
        int last = answer.Length - 4;
        Ends ends = new();
        var run = Task.Run(() => new TaskRelay(ends.EngineWorker, ends.PythonWorker, 6).Run(new byte[] { 7 }, CancellationToken.None));
        var sent = Task.Run(() => ends.Engine.Send(block));
        var answered = Task.Run(() => ends.Python.Send(answer.AsSpan(0, last)));
        var came = Task.Run(() => Receive(ends.Python, block.Length + 1));
        Assert.That(Receive(ends.Engine, last).AsSpan().SequenceEqual(answer.AsSpan(0, last)));
        Assert.That(came.Result.AsSpan().SequenceEqual((byte[])[7, .. block]));
        Assert.That(run.IsCompleted, Is.False);
        ends.Python.Send(answer.AsSpan(last));
        Assert.That(Receive(ends.Engine, 4), Is.EqualTo(answer[last..]));
        Assert.That(run.Wait(5_000) ? run.Result : AnswerEnd.None, Is.EqualTo(AnswerEnd.Reusable));
        Task.WaitAll(sent, answered);
    }

    [Test]
    public void A_failure_of_python_is_the_end()
    {
        using Recording recording = new("exception_map_in_arrow");
        Ends ends = new();
        var run = Task.Run(() => new TaskRelay(ends.EngineWorker, ends.PythonWorker, 6).Run(recording.Input, CancellationToken.None));
        ends.Python.Send(recording.Output);
        ends.Python.Dispose();
        Assert.That(Receive(ends.Engine, recording.Output.Length), Is.EqualTo(recording.Output));
        Assert.That(run.Wait(5_000) ? run.Result : AnswerEnd.None, Is.EqualTo(AnswerEnd.Final));
    }

    [Test]
    public void A_python_that_goes_away_is_told()
    {
        Ends ends = new();
        var run = Task.Run(() => new TaskRelay(ends.EngineWorker, ends.PythonWorker, 6).Run(new byte[] { 7 }, CancellationToken.None));
        ends.Python.Dispose();
        Assert.That(async () => await run, Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS4317"));
    }

    [Test]
    public void An_engine_that_goes_away_ends_the_task()
    {
        Ends ends = new();
        var run = Task.Run(() => new TaskRelay(ends.EngineWorker, ends.PythonWorker, 6).Run(new byte[] { 7 }, CancellationToken.None));
        ends.Engine.Dispose();
        Assert.That(async () => await run, Throws.InstanceOf<IOException>());
    }

    private static byte[] Receive(Socket socket, int count)
    {
        socket.ReceiveTimeout = 10_000;
        byte[] bytes = new byte[count];
        for (int filled = 0; filled < count;)
        {
            int got = socket.Receive(bytes.AsSpan(filled));
            if (got == 0) return bytes[..filled];
            filled += got;
        }
        return bytes;
    }

    private sealed class Ends
    {
        public Ends()
        {
            (Engine, EngineWorker) = EngineSide.Pair();
            (Python, PythonWorker) = EngineSide.Pair();
        }

        public Socket Engine { get; }

        public Socket EngineWorker { get; }

        public Socket Python { get; }

        public Socket PythonWorker { get; }
    }
}
