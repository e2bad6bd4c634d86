using MlSql.Worker.Launch;

namespace MlSql.UnitTests.Worker;

public class ExecutorPlaceTests
{
    [TestCase("/srv/spark/work/app-20261122010203-0007/12", "executor 12 at node")]
    [TestCase("/srv/spark/work/app-20261122010203-0007/logs", "executor at node")]
    [TestCase("/yarn/usercache/u/appcache/application_1_0001/container_e01_1_0001_01_000002", "container_e01_1_0001_01_000002 at node")]
    [TestCase("/opt/spark/work-dir", "executor at node")]
    [TestCase("/", "executor at node")]
    public void A_worker_knows_its_executor_by_where_it_was_started(string folder, string place) => Assert.That(ExecutorPlace.Of(folder, "node"), Is.EqualTo(place));
}
