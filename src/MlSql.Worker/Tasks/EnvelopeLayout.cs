using System.Buffers.Binary;
using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Worker.Serving;

namespace MlSql.Worker.Tasks;

/// <summary>Spark 4.3: the whole description in one envelope that says its length.</summary>
internal sealed class EnvelopeLayout : ITaskLayout
{
    private const int Timings = 6;
    private const int HeaderBytes = 2 * sizeof(int);

    /// <inheritdoc/>
    public WorkerTask Read(EngineStream stream, int first, int limit)
    {
        int length = stream.ReadInt32();
        if (length < 0 || length > limit - HeaderBytes) throw WorkerErrors.DescriptionTooLong(length, limit);
        return Parse(stream.ReadBlock(length, HeaderBytes));
    }

    /// <summary>Reads a description whose first eight bytes, the mark and the length, are left free to be filled.</summary>
    internal static WorkerTask Parse(byte[] raw)
    {
        BinaryPrimitives.WriteInt32BigEndian(raw, Marks.StartOfTask);
        BinaryPrimitives.WriteInt32BigEndian(raw.AsSpan(sizeof(int)), raw.Length - HeaderBytes);
        FieldReader reader = new(raw.AsMemory(HeaderBytes));
        int partition = reader.Int32();
        string version = reader.Text();
        var context = TaskContext.ReadJson(reader.Bytes().Span);
        string files = reader.Text();
        for (int includes = reader.Count(sizeof(int)); includes > 0; includes--) reader.Bytes();
        bool changesBroadcasts = SkipBroadcasts(reader);
        var type = (EvalType)reader.Int32();
        SkipPairs(reader);
        SkipPairs(reader);
        var functions = ReadFunctions(reader, type);
        return new()
        {
            Raw = raw,
            Partition = partition,
            Version = version,
            Context = context,
            Files = files,
            ChangesBroadcasts = changesBroadcasts,
            EvalType = type,
            Functions = functions,
            TimingNumbers = Timings,
        };
    }

    private static bool SkipBroadcasts(FieldReader reader)
    {
        bool byServer = reader.Flag();
        int count = reader.Count(sizeof(long));
        if (byServer)
        {
            // A port with its secret, or -1 and the path of a socket.
            reader.Int32();
            reader.Bytes();
        }
        for (int i = 0; i < count; i++)
            if (reader.Int64() >= 0 && !byServer) reader.Bytes();
        return count > 0;
    }

    private static void SkipPairs(FieldReader reader)
    {
        for (int pairs = reader.Count(2 * sizeof(int)); pairs > 0; pairs--)
        {
            reader.Bytes();
            reader.Bytes();
        }
    }

    private static ImmutableArray<TaskFunction> ReadFunctions(FieldReader reader, EvalType type)
    {
        switch (type)
        {
            case EvalType.Rows:
                var command = reader.Bytes();
                reader.End();
                return [new([], [command])];
            case EvalType.Table or EvalType.ArrowTable or EvalType.ArrowBatchTable:
                return [ReadTableFunction(reader)];
            default:
                try
                {
                    return ReadColumnFunctions(reader);
                }
                catch (CodedException) when (!Enum.IsDefined(type))
                {
                    // A form that only Python knows holds no command of ours.
                    return [];
                }
        }
    }

    private static ImmutableArray<TaskFunction> ReadColumnFunctions(FieldReader reader)
    {
        var functions = new TaskFunction[reader.Count(2 * sizeof(int) + sizeof(long))];
        for (int i = 0; i < functions.Length; i++)
        {
            var arguments = ReadArguments(reader);
            var commands = new ReadOnlyMemory<byte>[reader.Count(sizeof(int))];
            for (int k = 0; k < commands.Length; k++) commands[k] = reader.Bytes();
            reader.Int64();
            functions[i] = new(arguments, [.. commands]);
        }
        reader.End();
        return [.. functions];
    }

    private static TaskFunction ReadTableFunction(FieldReader reader)
    {
        var arguments = ReadArguments(reader);
        for (int children = reader.Count(sizeof(int)); children > 0; children--) reader.Int32();
        if (reader.Flag()) reader.Bytes();
        var command = reader.Bytes();
        reader.Bytes();
        reader.Bytes();
        reader.End();
        return new(arguments, [command]);
    }

    private static ImmutableArray<TaskArgument> ReadArguments(FieldReader reader)
    {
        var arguments = new TaskArgument[reader.Count(sizeof(int) + 1)];
        for (int i = 0; i < arguments.Length; i++) arguments[i] = new(reader.Int32(), reader.Flag() ? reader.Text() : null);
        return [.. arguments];
    }
}
