using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Engines.DuckDb.Interop;

namespace MlSql.Engines.DuckDb.Functions;

/// <summary>A function of rows that the engine calls with up to 2,048 of them at a time, from several threads at once.</summary>
internal interface IScalarFunction
{
    /// <summary>
    /// Fills the output for all rows. The arguments are the engine's own memory, valid during the call; NULL rows are among them. A dictionary's values may come in the place of rows, so values
    /// that no row has must not fail. An exception fails the statement and reaches its caller.
    /// </summary>
    void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output);
}

/// <summary>What is registered: a name, the types of the parameters (null: any number of any type) and of the result.</summary>
internal sealed record ScalarFunctionDefinition(string Name, ImmutableArray<DataType>? Parameters, DataType Result, IScalarFunction Body)
{
    /// <summary>Called before a call's first rows, with the types of its arguments; throw a <see cref="CodedException"/> to refuse the call.</summary>
    public Action<ImmutableArray<DataType>>? Check { get; init; }

    /// <summary>True when equal arguments may give different results: then the function is called for every row.</summary>
    public bool Volatile { get; init; }
}
