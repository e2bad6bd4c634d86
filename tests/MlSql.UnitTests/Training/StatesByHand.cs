using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Training;
using MlSql.Training.Encoders;
using MlSql.Training.Linear;
using MlSql.Training.Rounds;
using MlSql.Training.Rows;
using MlSql.UnitTests.Training.Memory;

namespace MlSql.UnitTests.Training;

/// <summary>Runs a trainer as a cluster would: a state a block, each with its own trainer, merged by another.</summary>
internal static class StatesByHand
{
    public static ModelStructure Train(LinearEntry entry, TrainingTable table, bool throughBytes, string l2 = "0")
    {
        TrainingSpec spec = table.Spec(entry.Info, Samples.Options(entry.Info, l2));
        RowStore store = new(spec, new(1L << 30));
        using (TrainingViews views = new())
        {
            ColumnView[] columns = table.Columns(views, 0, table.Rows);
            store.Append(columns, table.Rows);
        }
        ClassLabels? classes = entry.Info.Task == ModelTask.Classification ? store.Labels.FinishClasses(2) : null;
        using BlockCrew crew = new(1);
        var weights = TrainingWeights.Of(store, spec, classes);
        Encoder encoder = Encoder.Fit(store, weights, crew, [], default);
        Design rows = encoder.DesignOf(RowPart.Train, weights);
        (double weight, double labelMean) = TrainingWeights.Totals(rows);
        TrainerPlan plan = new(encoder.Shape, spec.Options, labelMean, weight);

        ITrainer trainer = entry.Create(plan);
        byte[] broadcast = trainer.Init();
        while (true)
        {
            ITrainerState merged = trainer.NewState();
            merged.Begin(broadcast);
            for (int block = 0; block < rows.Blocks; block++)
            {
                ITrainerState state = entry.Create(plan).NewState();
                state.Begin(broadcast);
                state.Accumulate(rows, block, default);
                merged.Merge(throughBytes ? Copy(state, entry.Create(plan).NewState(), broadcast) : state);
            }
            switch (trainer.Step(merged, default))
            {
                case Again again: broadcast = again.Broadcast; break;
                case Done done: return done.Structure;
                default: throw new InvalidOperationException();
            }
        }
    }

    private static ITrainerState Copy(ITrainerState from, ITrainerState into, byte[] broadcast)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        from.Write(writer);
        writer.Flush();
        bytes.Position = 0;
        using BinaryReader reader = new(bytes);
        into.Begin(broadcast);
        into.Read(reader);
        Assert.That(bytes.Position, Is.EqualTo(bytes.Length), "all bytes are read");
        return into;
    }
}
