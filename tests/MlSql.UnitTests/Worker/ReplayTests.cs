using MlSql.Columnar;
using MlSql.Scoring;
using MlSql.Scoring.Commands;

namespace MlSql.UnitTests.Worker;

/// <summary>Tasks that a real engine sent, with commands of ours in them, are answered as the engine expects.</summary>
public class ReplayTests
{
    private static readonly byte[] s_echo = new EchoCommand().Write();
    private static readonly byte[] s_probe = new ProbeCommand().Write();

    [Test]
    public void A_column_comes_back_as_it_came()
    {
        using Recording recording = new("scalar_arrow");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(null, s_echo));
        var sent = Sent(recording);
        AssertWhole(answer);
        Assert.That(answer.Schema!.Fields.Select(f => f.Name), Is.EqualTo(new[] { "_0" }));
        Assert.That(answer.Values<long>(0), Is.EqualTo(sent.Values<long>(0)));
    }

    [Test]
    public void Times_are_in_order_and_the_connection_takes_the_next_task()
    {
        using Recording recording = new("scalar_arrow");
        using EngineSide engine = new EngineSide().Opened();
        for (int task = 0; task < 3; task++)
        {
            var answer = engine.Run(recording.With(null, s_echo));
            AssertWhole(answer);
            Assert.That(answer.Times![..3], Is.Ordered);
            Assert.That(answer.Times[3..], Is.EqualTo(new[] { answer.Times[2] - answer.Times[1], 0, 0 }));
        }
        engine.Finish();
        Assert.That(engine.Ends(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void Batches_are_answered_one_by_one()
    {
        using Recording recording = new("scalar_arrow_iter_3_batches");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(null, s_echo));
        AssertWhole(answer);
        Assert.That(answer.Batches.Select(b => b.Rows), Is.EqualTo(new[] { 4, 4, 2 }));
        Assert.That(answer.Values<long>(0), Is.EqualTo(Enumerable.Range(0, 10).Select(i => (long)i)));
    }

    [Test]
    public void Several_functions_of_a_task_give_several_columns()
    {
        using Recording recording = new("scalar_arrow_two_udfs");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(null, s_echo, s_probe));
        AssertWhole(answer);
        Assert.That(answer.Schema!.Fields.Select(f => f.Name), Is.EqualTo(new[] { "_0", "_1" }));
        Assert.That(answer.Texts(1), Has.All.StartsWith($"version=").And.All.Contains($"pid={Environment.ProcessId} "));
    }

    [Test]
    public void A_function_takes_the_answer_of_another()
    {
        using Recording recording = new("scalar_arrow_chained");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(null, s_probe, s_echo));
        AssertWhole(answer);
        Assert.That(answer.Texts(0), Has.Length.EqualTo(3).And.All.Contains("models=0"));
    }

    [Test]
    public void Rows_without_columns_are_answered_too()
    {
        using Recording recording = new("scalar_arrow_zero_args");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(null, s_probe));
        AssertWhole(answer);
        Assert.That(answer.Texts(0), Has.Length.EqualTo(3));
    }

    [Test]
    public void A_partition_without_rows_has_no_answer()
    {
        using Recording recording = new("map_in_arrow_empty_input");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(null, s_echo));
        AssertWhole(answer);
        Assert.That(answer.Schema, Is.Null);
    }

    [TestCase("map_in_arrow")]
    [TestCase("map_in_arrow_3_batches")]
    [TestCase("map_in_arrow_zero_columns")]
    [TestCase("all_types")]
    [TestCase("large_var_types")]
    [TestCase("type_time")]
    [TestCase("type_variant")]
    [TestCase("type_geometry")]
    [TestCase("type_string_collated")]
    [TestCase("streaming_map_in_arrow_batch0")]
    [TestCase("uds_barrier")]
    public void Rows_of_every_type_come_back_as_they_came(string name)
    {
        using Recording recording = new(name);
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(null, s_echo));
        var sent = Sent(recording);
        AssertWhole(answer);
        Assert.That(answer.Schema!.Fields[0].Type, Is.EqualTo(sent.Schema!.Fields[0].Type));
        Assert.That(answer.Batches.Select(b => ColumnText.Of(b.Columns[0])), Is.EqualTo(sent.Batches.Select(b => ColumnText.Of(b.Columns[0]))));
    }

    [Test]
    public void A_model_is_scored_with_arguments_by_name()
    {
        using TemporaryModel model = new();
        using Recording recording = new("scalar_arrow_kwargs");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(model.Folder, model.Predict(ScoreOutput.Score, new FloatType(64), "b", "a").Write()));
        AssertWhole(answer);
        double?[] x = Sent(recording).Values<double>(0);
        Assert.That(answer.Values<double>(0), Is.EqualTo(x.Select(v => TemporaryModel.Score(v, v))).Within(1e-12));
    }

    [Test]
    public void A_model_gives_rows_from_rows()
    {
        using TemporaryModel model = new();
        using Recording recording = new("map_in_arrow");
        using EngineSide engine = new EngineSide().Opened();
        var answer = engine.Run(recording.With(model.Folder, model.Predict(ScoreOutput.Score, new FloatType(64), "x", "ID").Write()));
        AssertWhole(answer);
        var rows = (StructColumn)Sent(recording).Batches[0].Columns[0];
        var fields = ((StructType)rows.Type).Fields;
        var ids = (FixedColumn<long>)rows.Fields[fields.Select(f => f.Name).ToList().IndexOf("id")];
        var xs = (FixedColumn<double>)rows.Fields[fields.Select(f => f.Name).ToList().IndexOf("x")];
        var given = (FixedColumn<double>)((StructColumn)answer.Batches[0].Columns[0]).Fields[0];
        for (int row = 0; row < rows.Length; row++)
            Assert.That(given.Values[row], Is.EqualTo(TemporaryModel.Score(xs.IsNull(row) ? null : xs.Values[row], ids.IsNull(row) ? null : ids.Values[row])).Within(1e-12));
    }

    [Test]
    public void A_model_is_made_ready_once_for_all_tasks()
    {
        using TemporaryModel model = new();
        using Recording recording = new("scalar_arrow_kwargs");
        using EngineSide first = new();
        using EngineSide second = new(first.Process);
        byte[] task = recording.With(model.Folder, model.Predict(ScoreOutput.Score, new FloatType(64), "a", "b").Write());
        AssertWhole(first.Opened().Run(task));
        AssertWhole(second.Opened().Run(task));
        using Recording other = new("scalar_arrow_zero_args");
        var probe = first.Run(other.With(model.Folder, new ProbeCommand(model.ContentHash).Write()));
        Assert.That(probe.Texts(0)[0], Does.EndWith("models=1 loads=1"));
    }

    [Test]
    public void A_task_with_broadcast_values_is_the_last_of_its_connection()
    {
        using Recording recording = new("broadcast_file");
        using EngineSide engine = new EngineSide().Opened();
        Assert.That(engine.Run(recording.With(null, s_echo)).Last, Is.EqualTo(-1));
    }

    internal static Answer Sent(Recording recording)
    {
        using MemoryStream data = new();
        data.Write([0xFF, 0xFF, 0xFF, 0xFA]);
        data.Write(recording.Input, recording.DescriptionLength, recording.Input.Length - recording.DescriptionLength - 4);
        data.Write([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFC]);
        data.Position = 0;
        return Answer.Read(data);
    }

    private static void AssertWhole(Answer answer)
    {
        Assert.That(answer.Error, Is.Null);
        Assert.That(answer.Times, Is.Not.Null);
        Assert.That(answer.Last, Is.EqualTo(-4), "END_OF_STREAM");
    }
}
