using MlSql.Models;
using MlSql.Training.Encoders;

namespace MlSql.Training.Rounds;

/// <summary>
/// One training as rounds: Init → (Begin, Accumulate*, Merge*, Step)* → model. The trainer is the coordinator's half; states travel as bytes between
/// workers that have the same plan, so that the same code runs on threads and on executors.
/// </summary>
internal interface ITrainer
{
    /// <summary>Bytes of one state, for planning how many there may be.</summary>
    long StateBytes { get; }

    /// <summary>What the first round's states need to know.</summary>
    byte[] Init();

    /// <summary>Of how many blocks one takes part in the first round.</summary>
    int FirstStride => 1;

    /// <summary>An empty state.</summary>
    ITrainerState NewState();

    /// <summary>Looks at all rows' merged state and says what comes next.</summary>
    Round Step(ITrainerState merged, CancellationToken cancel);
}

/// <summary>Sums over some rows. Merging is associative up to rounding; callers fix the order.</summary>
internal interface ITrainerState
{
    /// <summary>Empties the state for a round with that broadcast.</summary>
    void Begin(ReadOnlySpan<byte> broadcast);

    /// <summary>Adds one block of rows. Looks at the token at least once in 256 rows.</summary>
    void Accumulate(Design rows, int block, CancellationToken cancel);

    /// <summary>Adds another state of the same round.</summary>
    void Merge(ITrainerState other);

    /// <summary>Writes the sums.</summary>
    void Write(BinaryWriter into);

    /// <summary>Replaces the sums by those that <see cref="Write"/> wrote, to the bit.</summary>
    void Read(BinaryReader from);
}

/// <summary>What a step decided. A closed family.</summary>
/// <param name="Progress">The iteration that ended with this round; null when the round was part of one.</param>
internal abstract record Round(IterationLoss? Progress);

/// <summary>Another round.</summary>
internal sealed record Again(byte[] Broadcast, IterationLoss? Progress) : Round(Progress)
{
    /// <summary>Of how many blocks one takes part: 1 = all.</summary>
    public int Stride { get; init; } = 1;
}

/// <summary>The model is found.</summary>
internal sealed record Done(ModelStructure Structure, IterationLoss? Progress, TrainingWarning? Warning) : Round(Progress);

/// <summary>The loss with penalty at the start of an iteration, and the model it belongs to.</summary>
internal sealed record IterationLoss(int Iteration, double Loss, ModelStructure Structure);
