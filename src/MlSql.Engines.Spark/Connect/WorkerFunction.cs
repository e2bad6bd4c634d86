using Google.Protobuf;
using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.Engines.Spark.Connect;

/// <summary>A function that executors hand to a worker process; what Spark calls a Python UDF.</summary>
internal sealed record WorkerFunction
{
    public required string Name { get; init; }

    /// <summary>How the worker is fed: 250 columns in, column out; 207 whole batches; 200 as 250 on Spark 4.0.</summary>
    public required int EvalType { get; init; }

    /// <summary>What the worker gets with each task, unread by Spark; keep it below 1 MB.</summary>
    public required ReadOnlyMemory<byte> Command { get; init; }

    /// <summary>The column's type, or a struct for whole batches; see <see cref="Plans.Type"/> for one as text.</summary>
    public required DataType Output { get; init; }

    /// <summary>Text that only the worker reads.</summary>
    public required string WorkerVersion { get; init; }

    /// <summary>True when equal input gives equal output: Spark may then move and repeat calls.</summary>
    public bool Deterministic { get; init; } = true;

    /// <summary>What is given to it where it is used in place; empty for one that is registered.</summary>
    public IReadOnlyList<Expression> Arguments { get; init; } = [];

    public CommonInlineUserDefinedFunction ToMessage()
    {
        var function = new CommonInlineUserDefinedFunction
        {
            FunctionName = Name,
            Deterministic = Deterministic,
            PythonUdf = new PythonUDF { OutputType = Output, EvalType = EvalType, Command = ByteString.CopyFrom(Command.Span), PythonVer = WorkerVersion },
        };
        function.Arguments.AddRange(Arguments);
        return function;
    }
}
