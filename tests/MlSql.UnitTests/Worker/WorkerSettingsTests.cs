using MlSql.Worker.Launch;
using MlSql.Worker.Models;

namespace MlSql.UnitTests.Worker;

/// <summary>The environment is read as Spark sets it.</summary>
public class WorkerSettingsTests
{
    [Test]
    public void Variables_are_taken_over()
    {
        var settings = Read(("PYTHON_WORKER_FACTORY_SECRET", "word"), ("SPARK_REUSE_WORKER", "1"), ("SPARK_PREFER_IPV6", "True"), ("PYSPARK_PYTHON", "/opt/python"), ("PYSPARK_EXECUTOR_MEMORY_MB", "512"));
        Assert.That(settings.Secret, Is.EqualTo("word"u8.ToArray()));
        Assert.That((settings.Reuse, settings.PreferIpv6, settings.Python, settings.TaskMemory, settings.SocketFolder), Is.EqualTo((true, true, "/opt/python", (long?)512 << 20, (string?)null)));
    }

    [Test]
    public void Socket_files_need_no_secret()
    {
        var settings = Read(("PYTHON_UNIX_DOMAIN_ENABLED", "True"), ("PYTHON_WORKER_FACTORY_SOCK_DIR", "/tmp/x"), ("PYTHON_WORKER_FACTORY_SECRET", "word"));
        Assert.That((settings.Secret, settings.SocketFolder), Is.EqualTo(((byte[]?)null, "/tmp/x")));
    }

    [TestCase(null)]
    [TestCase("")]
    public void Without_a_secret_nobody_comes_in(string? secret)
    {
        var settings = Read(("PYTHON_WORKER_FACTORY_SECRET", secret));
        Assert.That(settings.Secret, Has.Length.EqualTo(32));
        Assert.That(settings.Secret, Is.Not.EqualTo(Read(("PYTHON_WORKER_FACTORY_SECRET", secret)).Secret));
    }

    [TestCase("-1")]
    [TestCase("0")]
    [TestCase("many")]
    [TestCase("99999999999999")]
    public void Memory_that_cannot_be_is_no_limit(string value) => Assert.That(Read(("PYSPARK_EXECUTOR_MEMORY_MB", value)).TaskMemory, Is.Null);

    [Test]
    public void Models_get_half_of_what_the_tasks_are_granted()
    {
        Assert.That(MemoryBudget.OfModels(new WorkerSettings { TaskMemory = 1L << 30 }, 4), Is.EqualTo(2L << 30));
        Assert.That(MemoryBudget.OfModels(new WorkerSettings(), 4), Is.InRange(256L << 20, 4L << 30));
    }

    private static WorkerSettings Read(params (string Name, string? Value)[] variables) => WorkerSettings.Read(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
