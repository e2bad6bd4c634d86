using MlSql.Columnar;
using MlSql.Scoring;
using MlSql.Worker.Models;

namespace MlSql.UnitTests.Worker;

/// <summary>A model is made ready once, kept within the budget, and never taken from those that use it.</summary>
public class ModelCacheTests
{
    [Test]
    public void Threads_that_come_at_once_share_one_load()
    {
        using TemporaryModel model = new();
        ModelCache cache = new(() => long.MaxValue);
        using Barrier start = new(8);
        Parallel.For(0, 8, new() { MaxDegreeOfParallelism = 8 }, _ =>
        {
            start.SignalAndWait(TimeSpan.FromSeconds(2));
            using var lease = Take(cache, model);
        });
        Assert.That((cache.Loads, cache.LoadsOf(model.ContentHash)), Is.EqualTo((1L, 1L)));
    }

    [Test]
    public void A_failure_is_not_kept()
    {
        using TemporaryModel model = new();
        File.Move(model.FilePath, model.FilePath + ".away");
        ModelCache cache = new(() => long.MaxValue);
        Assert.That(() => Take(cache, model), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS4307"));
        File.Move(model.FilePath + ".away", model.FilePath);
        using var lease = Take(cache, model);
        Assert.That(cache.Loads, Is.EqualTo(1));
    }

    [Test]
    public void The_longest_unused_goes_first_and_one_in_use_never()
    {
        TemporaryModel[] models = [new(1), new(2), new(3)];
        try
        {
            long each = 64 << 10;
            ModelCache cache = new(() => 3 * each);
            using (Take(cache, models[0])) { }
            var used = Take(cache, models[1]);
            using (Take(cache, models[2])) { }
            using (Take(cache, models[0])) { }
            Assert.That(Loads(), Is.EqualTo(new[] { 2L, 1, 1 }), "the first went when the third came");
            using (Take(cache, models[1])) { }
            Assert.That(Loads(), Is.EqualTo(new[] { 2L, 1, 1 }), "the second was in use");
            used.Dispose();

            long[] Loads() => [.. models.Select(m => cache.LoadsOf(m.ContentHash))];
        }
        finally
        {
            foreach (var model in models) model.Dispose();
        }
    }

    [Test]
    public void A_task_that_is_cancelled_does_not_wait()
    {
        using TemporaryModel model = new();
        ModelCache cache = new(() => long.MaxValue);
        Assert.That(() => cache.Take(model.Predict(ScoreOutput.Score, new FloatType(64), "a", "b"), [model.Folder], new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        using var lease = Take(cache, model);
        Assert.That(cache.Loads, Is.EqualTo(1));
    }

    private static ModelLease Take(ModelCache cache, TemporaryModel model) => cache.Take(model.Predict(ScoreOutput.Score, new FloatType(64), "a", "b"), [model.Folder], CancellationToken.None);
}
