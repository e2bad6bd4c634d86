using System.Diagnostics;
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
    public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output)
    {
        TrainingRun run = Volatile.Read(ref _run) ?? throw RunErrors.NoTraining(Name);
        if (!run.ReadsAgain)
        {
            output.Values<int>().Fill(run.Append(arguments, rows));
            return;
        }
        if (rows == 0) return;
        // Before the values come the rows' places in their table, which are neighbours in every batch of a scan.
        ReadOnlySpan<long> places = arguments[0].Values<long>()[..rows];
        if (places[^1] - places[0] != rows - 1) throw new UnreachableException("rows of a scan came apart");
        output.Values<int>().Fill(run.Append(arguments[1..], rows, places[0]));
    }
}
