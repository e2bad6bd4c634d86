using MlSql.Training.Encoders;

namespace MlSql.Training.Rounds;

/// <summary>Runs a trainer's rounds in this process. Blocks are dealt to a number of states that depends on the rows and the state's size only, and states merge in order: the same bytes for any number of threads.</summary>
internal sealed class RoundDriver(ITrainer trainer, Design rows, BlockCrew crew)
{
    private const int MaxStates = 64;
    private const int MinStates = 4;
    private const long StatesBytes = 256L << 20;

    /// <summary>Bytes that all states take.</summary>
    public long Bytes => States * trainer.StateBytes;

    private int States => (int)Math.Min(rows.Blocks, Math.Clamp(StatesBytes / trainer.StateBytes, MinStates, MaxStates));

    /// <summary>Runs to the end; <paramref name="onIteration"/> is called after each iteration.</summary>
    public Done Run(Action<IterationLoss> onIteration, CancellationToken cancel)
    {
        int states = States;
        var slots = new ITrainerState[states];
        for (int i = 0; i < states; i++) slots[i] = trainer.NewState();
        byte[] broadcast = trainer.Init();
        int stride = trainer.FirstStride;
        while (true)
        {
            crew.Run(states, slot =>
            {
                slots[slot].Begin(broadcast);
                int from = (int)((long)rows.Blocks * slot / states), to = (int)((long)rows.Blocks * (slot + 1) / states);
                for (int block = (from + stride - 1) / stride * stride; block < to; block += stride) slots[slot].Accumulate(rows, block, cancel);
            }, cancel);
            for (int i = 1; i < states; i++) slots[0].Merge(slots[i]);
            Round round = trainer.Step(slots[0], cancel);
            if (round.Progress is { } progress) onIteration(progress);
            switch (round)
            {
                case Again again: (broadcast, stride) = (again.Broadcast, again.Stride); break;
                case Done done: return done;
                default: throw new System.Diagnostics.UnreachableException(round.GetType().Name);
            }
        }
    }
}
