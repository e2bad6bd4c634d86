using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Engines.DuckDb.Interop;
using MlSql.Training;

namespace MlSql.Engines.DuckDb.Functions;

/// <summary>Takes the rows of its arguments into a training run, on any thread of the engine, and gives each row the number of its piece. An engine registers it once and says for which run it works.</summary>
internal sealed class TrainingRowsFunction : IScalarFunction
{
    /// <summary>The function's name.</summary>
    public const string Name = "mlsql_training_rows";

    private TrainingRun? _run;

    public TrainingRowsFunction() => Definition = new(Name, null, new IntegerType(32, true), this) { Volatile = true };

    /// <summary>How it is registered.</summary>
    public ScalarFunctionDefinition Definition { get; }

    /// <summary>The run that takes the rows; null between trainings.</summary>
    public TrainingRun? Run { set => Volatile.Write(ref _run, value); }

    /// <inheritdoc/>
    public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output) =>
        output.Values<int>().Fill((Volatile.Read(ref _run) ?? throw RunErrors.NoTraining(Name)).Append(arguments, rows));
}
