using System.Text;
using System.Text.Json;
using MlSql.Columnar;
using MlSql.Worker.Tasks;

namespace MlSql.UnitTests.Worker;

/// <summary>Descriptions of tasks that a real engine sent say what their annotations say.</summary>
public class TaskLayoutTests
{
    [Test]
    public void Every_recorded_description_is_read_as_annotated()
    {
        foreach (string name in Recording.Names)
        {
            using Recording recording = new(name);
            var task = EnvelopeLayout.Parse(recording.Input[..recording.DescriptionLength]);
            Assert.Multiple(() =>
            {
                Assert.That(task.Raw.ToArray(), Is.EqualTo(recording.Input[..recording.DescriptionLength]), name);
                Assert.That(task.Partition, Is.EqualTo(recording.Values("partition (split) index")[0].GetInt32()), name);
                Assert.That(task.Version, Is.EqualTo(recording.Values("python version")[0].GetString()), name);
                Assert.That(task.Files, Is.EqualTo(recording.Values("spark files directory")[0].GetString()), name);
                Assert.That((int)task.EvalType, Is.EqualTo(recording.EvalType), name);
                Assert.That(task.ChangesBroadcasts, Is.EqualTo(recording.Values("broadcast: number of entries")[0].GetInt32() > 0), name);
                Assert.That(task.Functions.SelectMany(f => f.Arguments).Select(a => a.Column), Is.EqualTo(recording.Values("argument offset").Select(v => v.GetInt32())), name);
                Assert.That(task.Functions.SelectMany(f => f.Arguments).Where(a => a.Name is not null).Select(a => a.Name), Is.EqualTo(recording.Values("argument name").Select(v => v.GetString())), name);
                var commands = recording.Pieces.Where(p => p.What.Contains("command (", StringComparison.Ordinal)).Select(p => recording.Input[(p.Offset + 4)..(p.Offset + p.Length)]);
                Assert.That(task.Functions.SelectMany(f => f.Commands).Select(c => c.ToArray()), Is.EqualTo(commands), name);
                CheckContext(task.Context, recording, name);
            });
        }
    }

    [TestCase("""{"isBarrier":true,"connInfo":4040,"secret":"x","stageId":3,"attemptNumber":1,"localProperties":{"a":"b","spark.mlsql.python":"/opt/python"}}""", "/opt/python")]
    [TestCase("""{"other":{"deep":[1,{"isBarrier":true}]},"connInfo":4040,"localProperties":{},"secret":"x","isBarrier":true,"stageId":3,"attemptNumber":1}""", null)]
    public void The_context_is_read_in_any_order(string json, string? python)
    {
        var context = TaskContext.ReadJson(Encoding.UTF8.GetBytes(json));
        Assert.That(context, Is.EqualTo(new TaskContext { IsBarrier = true, BarrierPort = 4_040, Secret = "x", Stage = 3, Attempt = 1, Python = python }));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("""{"isBarrier":""")]
    [TestCase("""{"connInfo":{}}""")]
    [TestCase("""{"stageId":"three"}""")]
    [TestCase("""{"localProperties":3}""")]
    public void A_context_that_is_none_is_refused(string json) =>
        Assert.That(() => TaskContext.ReadJson(Encoding.UTF8.GetBytes(json)), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS4303"));

    [Test]
    public void Every_cut_of_a_description_is_refused()
    {
        using Recording recording = new("scalar_arrow_two_udfs");
        for (int length = 8; length < recording.DescriptionLength; length += 7)
            Assert.That(() => EnvelopeLayout.Parse(recording.Input[..length]), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS4303"), $"{length} bytes");
    }

    private static void CheckContext(TaskContext context, Recording recording, string name)
    {
        using var json = JsonDocument.Parse(recording.Values("task context JSON")[0].GetString()!);
        var root = json.RootElement;
        Assert.That(context.IsBarrier, Is.EqualTo(root.GetProperty("isBarrier").GetBoolean()), name);
        Assert.That(context.Stage, Is.EqualTo(root.GetProperty("stageId").GetInt32()), name);
        Assert.That(context.Attempt, Is.EqualTo(root.GetProperty("attemptNumber").GetInt32()), name);
        Assert.That(context.Secret, Is.EqualTo(root.GetProperty("secret").GetString()), name);
        var place = root.GetProperty("connInfo");
        Assert.That(context.BarrierPath, Is.EqualTo(place.ValueKind == JsonValueKind.String ? place.GetString() : null), name);
        Assert.That(context.BarrierPort, Is.EqualTo(place.ValueKind == JsonValueKind.Number && place.GetInt32() > 0 ? place.GetInt32() : (int?)null), name);
    }
}
