using MlSql.Models.Store;
using MlSql.UnitTests.Models.Simulation;

namespace MlSql.UnitTests.Models;

[TestFixture]
internal sealed class PowerCutTests
{
    private const int StatesAPoint = 64;

    [TestCase(20261121)]
    public void A_power_cut_leaves_the_store_before_or_after_the_step_and_usable(int seed)
    {
        Random random = new(seed);
        SteppedTime time = new();
        SimulatedFileSystem files = new(time);
        ModelStore store = ModelStore.Open(StoreScript.Folder, files, time);
        int states = 0, points = 0;
        foreach ((string step, Action<ModelStore> run) in StoreScript.Steps)
        {
            string before = StoreScript.Describe(store);
            List<(string Point, string Found)> left = [];
            files.AfterOperation = operation =>
            {
                points++;
                foreach (SimulatedFileSystem crashed in files.Crashes(StatesAPoint, random))
                {
                    states++;
                    ModelStore reopened = ModelStore.Open(StoreScript.Folder, crashed, time);
                    left.Add(($"{step}, after {operation}", StoreScript.Describe(reopened)));
                    StoredVersion saved = reopened.Save("after the cut", SampleModels.Linear(99), SampleModels.Details, makeDefault: true, default);
                    reopened.Sweep(default);
                    Assert.That(reopened.Load(saved), Is.EqualTo(SampleModels.Linear(99)), step);
                }
            };
            run(store);
            files.AfterOperation = _ => { };
            string after = StoreScript.Describe(store);
            foreach ((string point, string found) in left) Assert.That(found, Is.EqualTo(before).Or.EqualTo(after), $"seed {seed}: {point}");
            foreach (SimulatedFileSystem crashed in files.Crashes(StatesAPoint, random))
            {
                states++;
                Assert.That(StoreScript.Describe(ModelStore.Open(StoreScript.Folder, crashed, time)), Is.EqualTo(after), $"seed {seed}: lost once {step} had returned");
            }
            time.Advance(TimeSpan.FromHours(2));
        }
        TestContext.Out.WriteLine($"{states} states after power cuts at {points} points, seed {seed}");
        Assert.That(states, Is.GreaterThan(1_000));
    }
}
