using MlSql.SparkTests.Rig;

namespace MlSql.SparkTests;

/// <summary>Ends what the tests of the run started.</summary>
[SetUpFixture]
public class RigLifetime
{
    [OneTimeTearDown]
    public void Stop() => SparkRig.Stop();
}
